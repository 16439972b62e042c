"""The reasons for an answer, found by playing the request again on the state before it."""
