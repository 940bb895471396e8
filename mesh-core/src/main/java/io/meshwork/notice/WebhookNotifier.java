package io.meshwork.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts each notice to a URL, signed as Standard Webhooks define it; see {@link
 * Notifier#toWebhook}. Thread-safe.
 */
final class WebhookNotifier implements Notifier {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String SECRET_PREFIX = "whsec_";
  private static final int MIN_SECRET_BYTES = 24;
  private static final int MAX_SECRET_BYTES = 64;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** The receiver wants no more notices. */
  private static final int GONE = 410;

  private final URI url;
  private final List<SecretKeySpec> keys;
  private final InstantSource clock;
  // HTTP 1.1, because receivers without TLS rarely speak 2 and some reject the upgrade.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private WebhookNotifier(URI url, List<SecretKeySpec> keys, InstantSource clock) {
    this.url = url;
    this.keys = keys;
    this.clock = clock;
  }

  /** Creates a notifier that signs with each of these secrets at the times of a clock. */
  static WebhookNotifier to(URI url, List<String> secrets, InstantSource clock) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean isOnThisHost =
        url.getHost() != null && Set.of("localhost", "127.0.0.1", "[::1]").contains(url.getHost());
    boolean isAllowed = scheme.equals("https") || (scheme.equals("http") && isOnThisHost);
    if (url.getHost() == null || !isAllowed) {
      throw invalid(
          "its URL is not one of https with a host",
          "Use one such as https://example.org/notices.");
    }
    if (url.getUserInfo() != null) {
      throw invalid("its URL has a user or password", "Remove them: the signature is the proof.");
    }
    if (secrets.isEmpty()) {
      throw invalid("there is no secret", "Pass the secret that the receiver has.");
    }
    return new WebhookNotifier(url, secrets.stream().map(WebhookNotifier::key).toList(), clock);
  }

  private static SecretKeySpec key(String secret) {
    byte[] bytes;
    try {
      bytes =
          secret.startsWith(SECRET_PREFIX)
              ? Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()))
              : new byte[0];
    } catch (IllegalArgumentException notBase64) {
      bytes = new byte[0];
    }
    if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) {
      throw invalid(
          "a secret is not whsec_ and 24 to 64 bytes in Base64",
          "Make one with: echo whsec_$(openssl rand -base64 32)");
    }
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  private static InvalidRequestException invalid(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.DELIVER, "notices to a webhook"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * Posts the notice and returns after the receiver accepted it.
   *
   * @throws BackendException if it did not
   */
  @Override
  public void deliver(Notice notice) {
    int status;
    try {
      HttpResponse<InputStream> answer = http.send(request(notice), BodyHandlers.ofInputStream());
      status = answer.statusCode();
      answer.body().close(); // the time limit ends with the headers, and a body may never end
    } catch (IOException e) {
      throw failure(notice, "it cannot be reached: " + e.getClass().getSimpleName())
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(notice, "the thread was interrupted").cause(e).passing(ErrorCode.INTERRUPTED);
    }
    if (status == GONE) {
      throw failure(notice, "it answered 410, so it wants no more notices")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (status < 200 || status >= 300) {
      throw failure(notice, "it answered " + status).passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private HttpRequest request(Notice notice) {
    String id = messageId(notice.id());
    String seconds = Long.toString(clock.instant().getEpochSecond());
    String body = body(notice);
    return HttpRequest.newBuilder(url)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("User-Agent", "Meshwork")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signatures(id + "." + seconds + "." + body))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** IDs of messages have no dots, because a dot ends them in what is signed. */
  static String messageId(String noticeId) {
    return noticeId.replace('.', ':');
  }

  private static String body(Notice notice) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "notice." + notice.kind().name().toLowerCase(Locale.ROOT))
        .put("timestamp", notice.at().toString())
        .putRawValue("data", new RawValue(notice.toEventJson()))
        .toString();
  }

  private String signatures(String signed) {
    return keys.stream()
        .map(key -> "v1," + signature(key, signed))
        .collect(Collectors.joining(" "));
  }

  private static String signature(SecretKeySpec key, String signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // each Java platform has this algorithm
    }
  }

  /** Names the receiver without what can be secret in its URL. */
  private Failure failure(Notice notice, String reason) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return Failure.of(
            MeshAction.of(
                Verb.DELIVER,
                "notice " + notice.id() + " to the webhook at " + url.getHost() + port))
        .because(reason)
        .state("The receiver may have processed it.");
  }
}
