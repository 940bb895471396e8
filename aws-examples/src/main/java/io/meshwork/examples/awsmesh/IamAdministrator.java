package io.meshwork.examples.awsmesh;

import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates roles in one account. Immutable.
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
    PlainRequest.send(
        aws,
        action + " in the account " + account,
        aws.accessKey(account),
        "us-east-1/iam",
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        body);
  }
}
