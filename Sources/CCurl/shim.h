// libcurl for Swift: its setters and getters are variadic, which Swift cannot call, so there is one
// inline function here for each type of argument. Handles are `void *` in all of them, because
// headers differ in whether CURL and CURLM are `void` or a struct.

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#pragma clang assume_nonnull begin

typedef size_t (*ccurl_data_function)(char *data, size_t size, size_t count, void *transfer);
typedef int (*ccurl_seek_function)(void *transfer, curl_off_t offset, int origin);
typedef int (*ccurl_prereq_function)(
    void *transfer, char *_Nullable remote_ip, char *_Nullable local_ip, int remote_port, int local_port);
typedef int (*ccurl_sockopt_function)(void *transfer, curl_socket_t socket, curlsocktype purpose);
typedef curl_socket_t (*ccurl_opensocket_function)(
    void *transfer, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*ccurl_socket_function)(
    void *_Nullable easy, curl_socket_t socket, int interest, void *transport,
    void *_Nullable unused);
typedef int (*ccurl_timer_function)(void *multi, long milliseconds, void *transport);

// Easy handles

static inline void *_Nullable ccurl_easy_init(void) { return curl_easy_init(); }
static inline void ccurl_easy_cleanup(void *easy) { curl_easy_cleanup(easy); }

static inline CURLcode ccurl_set_long(void *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_offset(void *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_string(void *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_pointer(void *easy, CURLoption option, void *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_data_function(
    void *easy, CURLoption option, ccurl_data_function function) {
    return curl_easy_setopt(easy, option, function);
}
static inline CURLcode ccurl_set_seek_function(void *easy, ccurl_seek_function function) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, function);
}
static inline CURLcode ccurl_set_prereq_function(void *easy, ccurl_prereq_function function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}
static inline CURLcode ccurl_set_sockopt_function(void *easy, ccurl_sockopt_function function) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, function);
}
static inline CURLcode ccurl_set_opensocket_function(
    void *easy, ccurl_opensocket_function function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}
static inline void *_Nullable ccurl_get_private(void *easy) {
    char *_Nullable value = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

// The multi handle

static inline void *_Nullable ccurl_multi_init(void) { return curl_multi_init(); }
static inline CURLMcode ccurl_multi_cleanup(void *multi) { return curl_multi_cleanup(multi); }
static inline CURLMcode ccurl_multi_add(void *multi, void *easy) {
    return curl_multi_add_handle(multi, easy);
}
static inline CURLMcode ccurl_multi_remove(void *multi, void *easy) {
    return curl_multi_remove_handle(multi, easy);
}
static inline CURLMcode ccurl_multi_act(void *multi, curl_socket_t socket, int events) {
    int running = 0;
    return curl_multi_socket_action(multi, socket, events, &running);
}
/// The next finished transfer's handle and result, or NULL when there is none.
static inline void *_Nullable ccurl_multi_next_done(void *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *_Nullable message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
static inline CURLMcode ccurl_multi_set_long(void *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode ccurl_multi_set_callbacks(
    void *multi, ccurl_socket_function socket, ccurl_timer_function timer, void *transport) {
    CURLMcode result = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    if (result == CURLM_OK) result = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport);
    if (result == CURLM_OK) result = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    if (result == CURLM_OK) result = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport);
    return result;
}

#pragma clang assume_nonnull end
