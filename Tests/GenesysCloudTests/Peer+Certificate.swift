extension Peer {
    /// Of localhost, by itself, until 2126; made for tests, and worth nothing anywhere else.
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUSoyEWTjFghXAjoBurPIrla783XIwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTIwMDkxOFoYDzIxMjYxMTAx
        MjAwOTE4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAR9V7ufmJExgX/6gB4yJVVKO5BBeEMb+c1hdTSHyveTOUF19RseIpzL
        Oy6irj75/VguK/4ZOfEFKRHWXyMIFLLvo28wbTAdBgNVHQ4EFgQU3q1DWduNCWcg
        QwpF9kIgFg7/D+YwHwYDVR0jBBgwFoAU3q1DWduNCWcgQwpF9kIgFg7/D+YwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDRwAwRAIgIFQ5EjihdY+fW2foH6F2r5uJn4hd3ndJXL62PM2IbqsCIBzT
        Q1lMNh4JRSCesEmfeAytNhUDZmNsDU+Bqnq+XCxy
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKNl8TKJDO2iyiftf
        IazMLVVUMx5ZIV48G7wrtvs/etuhRANCAAR9V7ufmJExgX/6gB4yJVVKO5BBeEMb
        +c1hdTSHyveTOUF19RseIpzLOy6irj75/VguK/4ZOfEFKRHWXyMIFLLv
        -----END PRIVATE KEY-----
        """
}
