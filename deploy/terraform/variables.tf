variable "endpoint" {
  description = "Where Keyturn listens: https://keyturn.example:8443"
  type        = string
}

variable "region" {
  description = "The region that the secrets are in"
  type        = string
  default     = "eu-west-1"
}

variable "replica_region" {
  description = "The region that has a copy of the database's secret"
  type        = string
  default     = "eu-central-1"
}

variable "prefix" {
  description = "What the names of all secrets begin with"
  type        = string
  default     = "shop"
}

variable "description" {
  description = "What the database's secret is for"
  type        = string
  default     = "The login of the shop"
}

variable "database" {
  description = "The login that Keyturn is to rotate: what the rotator needs, beside username and password"
  type        = map(string)
}

variable "database_password" {
  description = "The password that works now; it is written once and is not in the state"
  type        = string
  ephemeral   = true
}

variable "rotator" {
  description = "The rotator that changes the login"
  type        = string
  default     = "postgres-single-user"
}

variable "rotation_days" {
  description = "How often the login changes"
  type        = number
  default     = 30
}

variable "key_enabled" {
  description = "Whether the key of the secrets may be used"
  type        = bool
  default     = true
}
