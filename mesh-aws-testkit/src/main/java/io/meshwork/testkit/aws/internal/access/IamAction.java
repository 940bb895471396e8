package io.meshwork.testkit.aws.internal.access;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What policies decide about: one action on one resource.
 *
 * @param name the action, such as {@code s3:PutObject}
 * @param resource the ARN; null if the emulator does not know the resources of the service
 * @param context the values of condition keys, by lower-case key
 */
public record IamAction(String name, @Nullable String resource, Map<String, List<String>> context) {
  public IamAction {
    context = Map.copyOf(context);
  }

  public static IamAction of(String name, @Nullable String resource) {
    return new IamAction(name, resource, Map.of());
  }

  /** Returns this action with one more condition key; a null value adds none. */
  public IamAction with(String key, @Nullable String value) {
    return value == null ? this : with(key, List.of(value));
  }

  public IamAction with(String key, List<String> values) {
    Map<String, List<String>> more = new TreeMap<>(context);
    more.put(key.toLowerCase(Locale.ROOT), List.copyOf(values));
    return new IamAction(name, resource, more);
  }

  /** Returns this action with the condition keys of its caller. */
  IamAction by(AwsIdentity caller) {
    IamAction completed =
        with("aws:PrincipalArn", caller.principalArn())
            .with("aws:PrincipalAccount", caller.account());
    if (!context.containsKey("aws:securetransport")) {
      completed = completed.with("aws:SecureTransport", "true");
    }
    for (Map.Entry<String, String> tag : caller.tags().entrySet()) {
      completed = completed.with("aws:PrincipalTag/" + tag.getKey(), tag.getValue());
    }
    return completed;
  }
}
