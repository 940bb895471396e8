package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Trust policies of roles, and to whom the keys of sessions belong. */
final class StsRules implements ServiceRules {
  private static final Set<String> EMULATED = Set.of("AssumeRole", "GetCallerIdentity");
  private static final Pattern SESSION_KEY =
      Pattern.compile("<AccessKeyId>([^<]+)</AccessKeyId>", Pattern.DOTALL);
  private static final Pattern SESSION_ARN =
      Pattern.compile("<AssumedRoleUser>.*?<Arn>([^<]+)</Arn>", Pattern.DOTALL);

  private final AwsAccounts accounts;
  private final AwsPermissions permissions;

  StsRules(AwsAccounts accounts, AwsPermissions permissions) {
    this.accounts = accounts;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    Map<String, String> form = request.form();
    if (!EMULATED.contains(operation)) {
      throw new NotEmulatedException("sts:" + operation + " is not emulated.");
    }
    if (operation.equals("GetCallerIdentity")) {
      return null; // needs no permission
    }
    if (form.containsKey("Policy") || form.containsKey("PolicyArns.member.1.arn")) {
      throw new NotEmulatedException("Policies of sessions are not emulated.");
    }
    String role = form.getOrDefault("RoleArn", "");
    for (IamAction action : actions(form, role)) {
      String denial = permissions.denialOfRole(caller, action, role);
      if (denial != null) {
        return AwsReply.error("sts", 403, "AccessDenied", denial);
      }
    }
    return null;
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) throws IOException {
    if (!reply.isSuccess()) {
      return reply;
    }
    String text = reply.text();
    if (request.operation().equals("AssumeRole")) {
      addSession(request.form(), text);
    } else {
      text = text.replaceFirst("<Arn>[^<]*</Arn>", "<Arn>" + caller.arn() + "</Arn>");
    }
    return reply.withBody(text);
  }

  private static List<IamAction> actions(Map<String, String> form, String role) {
    Map<String, String> tags = tags(form);
    List<String> names = new ArrayList<>(List.of("sts:AssumeRole"));
    if (!tags.isEmpty()) {
      names.add("sts:TagSession");
    }
    List<IamAction> actions = new ArrayList<>();
    for (String name : names) {
      IamAction action =
          IamAction.of(name, role)
              .with("sts:ExternalId", form.get("ExternalId"))
              .with("sts:RoleSessionName", form.get("RoleSessionName"));
      if (!tags.isEmpty()) {
        action = action.with("aws:TagKeys", List.copyOf(tags.keySet()));
      }
      for (Map.Entry<String, String> tag : tags.entrySet()) {
        action = action.with("aws:RequestTag/" + tag.getKey(), tag.getValue());
      }
      actions.add(action);
    }
    return actions;
  }

  private void addSession(Map<String, String> form, String reply) {
    Matcher key = SESSION_KEY.matcher(reply);
    Matcher arn = SESSION_ARN.matcher(reply);
    if (!key.find() || !arn.find()) {
      throw new IllegalStateException("A reply of AssumeRole without a session");
    }
    accounts.addSession(
        key.group(1),
        AwsIdentity.session(form.getOrDefault("RoleArn", ""), arn.group(1), tags(form)));
  }

  /** Returns the tags that a form lists as Tags.member.N.Key and Tags.member.N.Value. */
  private static Map<String, String> tags(Map<String, String> form) {
    Map<String, String> tags = new TreeMap<>();
    for (int i = 1; form.containsKey("Tags.member." + i + ".Key"); i++) {
      tags.put(
          form.getOrDefault("Tags.member." + i + ".Key", ""),
          form.getOrDefault("Tags.member." + i + ".Value", ""));
    }
    return tags;
  }
}
