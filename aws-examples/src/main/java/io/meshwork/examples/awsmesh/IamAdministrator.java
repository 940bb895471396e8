package io.meshwork.examples.awsmesh;

import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates roles in one account, with the HTTP API of IAM: a mesh needs no client for IAM. The
 * emulator does not verify signatures. Immutable.
 *
 * @param aws the emulator
 * @param account 12 digits
 */
public record IamAdministrator(AwsEmulator aws, String account) {
  /**
   * Creates a role with a trust policy, and no permission.
   *
   * @throws StoryFailedException if IAM rejects it, such as a role that exists
   */
  public void createRole(String name, String trust) {
    call("CreateRole", Map.of("RoleName", name, "AssumeRolePolicyDocument", trust));
  }

  /**
   * Gives a role an inline policy.
   *
   * @throws StoryFailedException if IAM rejects it
   */
  public void putRolePolicy(String role, String name, String document) {
    call("PutRolePolicy", Map.of("RoleName", role, "PolicyName", name, "PolicyDocument", document));
  }

  private void call(String action, Map<String, String> parameters) {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    form.put("Version", "2010-05-08");
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(aws.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + aws.accessKey(account)
                    + "/20261122/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new StoryFailedException(
            "IAM rejected "
                + action
                + " in the account "
                + account
                + ". If the emulator runs on a server that you started, start a new one. The reply: "
                + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + action, e);
    }
  }
}
