terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# Keyturn speaks all three services at one address. No skip_… flag is needed. Credentials come from the environment, as ever
# (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), and so does the authority that signed Keyturn's certificate (AWS_CA_BUNDLE).
provider "aws" {
  region = var.region

  endpoints {
    secretsmanager = var.endpoint
    kms            = var.endpoint
    sts            = var.endpoint
  }
}
