vcl 4.1;

backend app {
    .host = "localhost";
    .port = "8080";
}

sub vcl_recv {
    if (req.http.Accept ~ "text/event-stream") {
        return (pipe);
    }
}
