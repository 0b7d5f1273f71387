"""Chat services to try the whole service with, without an account: strict fakes that speak the real protocols."""  # noqa: E501
