package io.meshwork.testkit.aws.internal.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The organizations of accounts, whose members share resources without invitations. Thread-safe.
 */
public final class AccountOrganizations {
  private static final String PREFIX = "arn:aws:organizations::";

  private final Map<String, String> organizations = new HashMap<>();

  /** Makes accounts the members of the organization of a management account; returns its ARN. */
  public synchronized String join(String management, List<String> members) {
    String arn = PREFIX + management + ":organization/o-" + management.substring(2);
    organizations.put(AwsAccounts.checked(management), arn);
    members.forEach(member -> organizations.put(AwsAccounts.checked(member), arn));
    return arn;
  }

  /** Returns the ARN of an account's organization; null if it has none. */
  public synchronized @Nullable String of(String account) {
    return organizations.get(account);
  }

  /** Returns the ID of an account's organization, such as {@code o-1111111111}. */
  Optional<String> idOf(String account) {
    return Optional.ofNullable(of(account)).map(arn -> arn.substring(arn.lastIndexOf('/') + 1));
  }

  public boolean haveSame(String one, String other) {
    String organization = of(one);
    return organization != null && organization.equals(of(other));
  }

  public static boolean isOrganization(String principal) {
    return principal.startsWith(PREFIX);
  }
}
