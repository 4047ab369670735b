//! HTTP: one client, the Gateway's and the Web API's endpoints and their meaning.
