package io.meshwork.testkit.aws;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that AWS's SDK for Java finds in this process: system properties, which it reads
 * first. Thread-safe, but the properties apply to all threads.
 */
final class AwsSession {
  /** The properties, by the element of a reply of STS. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "AccessKeyId", "aws.accessKeyId",
          "SecretAccessKey", "aws.secretAccessKey",
          "SessionToken", "aws.sessionToken");

  /** The values before the first session; null if there was no session yet. */
  private @Nullable Map<String, @Nullable String> before;

  /**
   * Makes this process a session of a role.
   *
   * @param accessKey who assumes it
   * @throws IllegalStateException if STS denies it; the message contains the reply
   */
  synchronized void start(
      URI endpoint, String region, String accessKey, String account, String role)
      throws IOException {
    String reply = assumeRole(endpoint, region, accessKey, account, role);
    Map<String, @Nullable String> now = new LinkedHashMap<>();
    PROPERTIES.forEach((element, property) -> now.put(property, value(reply, element)));
    if (before == null) {
      before = new LinkedHashMap<>();
      for (String property : PROPERTIES.values()) {
        before.put(property, System.getProperty(property));
      }
    }
    set(now);
  }

  /** Restores the credentials before the first session. */
  synchronized void end() {
    if (before != null) {
      set(before);
      before = null;
    }
  }

  /**
   * Returns the access key of the session that this process is.
   *
   * @throws IllegalStateException if it is none
   */
  synchronized String accessKey() {
    String key = System.getProperty("aws.accessKeyId");
    if (before == null || key == null) {
      throw new IllegalStateException(
          "This process is not a session of a role. Call runAs(..) first.");
    }
    return key;
  }

  private static String assumeRole(
      URI endpoint, String region, String accessKey, String account, String role)
      throws IOException {
    String form =
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=test&RoleArn="
            + URLEncoder.encode(
                "arn:aws:iam::" + account + ":role/" + role, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + accessKey
                    + "/20200101/"
                    + region
                    + "/sts/aws4_request, SignedHeaders=host, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            "Cannot run as the role '" + role + "' of " + account + ": " + response.body());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a role was assumed", e);
    }
  }

  private static String value(String reply, String element) {
    Matcher value = Pattern.compile("<" + element + ">([^<]+)</" + element + ">").matcher(reply);
    if (!value.find()) {
      throw new IllegalStateException("A reply of AssumeRole without " + element);
    }
    return value.group(1);
  }

  private static void set(Map<String, @Nullable String> properties) {
    properties.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
  }
}
