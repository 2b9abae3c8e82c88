enum ConfigurationFilesPlaceholder {}
