"""The user pools of the portals, which speak the JSON protocol of Amazon Cognito user pools."""
