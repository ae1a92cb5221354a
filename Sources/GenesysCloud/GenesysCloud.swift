// GenesysCloud
