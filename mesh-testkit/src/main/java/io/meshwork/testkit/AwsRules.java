package io.meshwork.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Forwards a request as its caller, and applies what the servers do not. Thread-safe. */
final class AwsRules {
  private static final Pattern SESSION_KEY =
      Pattern.compile("<AccessKeyId>([^<]+)</AccessKeyId>", Pattern.DOTALL);
  private static final Pattern SESSION_ARN =
      Pattern.compile("<AssumedRoleUser>.*?<Arn>([^<]+)</Arn>", Pattern.DOTALL);

  private final AwsForwarding forwarding;
  private final AwsAccounts accounts;

  AwsRules(AwsForwarding forwarding, AwsAccounts accounts) {
    this.forwarding = forwarding;
    this.accounts = accounts;
  }

  AwsReply reply(AwsRequest request, @Nullable String rawQuery)
      throws IOException, InterruptedException {
    AwsIdentity caller = accounts.identity(request.scope().accessKey());
    AwsReply reply = forwarding.send(request, rawQuery, caller.account());
    return request.scope().service().equals("sts") ? ofSts(request, caller, reply) : reply;
  }

  private AwsReply ofSts(AwsRequest request, AwsIdentity caller, AwsReply reply)
      throws IOException {
    String text;
    try (InputStream body = reply.body()) {
      text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (reply.isSuccess()) {
      switch (request.operation()) {
        case "AssumeRole" -> addSession(request.form(), text);
        case "GetCallerIdentity" -> {
          if (caller.isAdministrator()) {
            text = text.replaceFirst("<Arn>[^<]*</Arn>", "<Arn>" + caller.arn() + "</Arn>");
          }
        }
        default -> {}
      }
    }
    return reply.withBody(text);
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
