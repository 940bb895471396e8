package io.meshwork.aws.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a configuration says of mirrors. Immutable.
 *
 * @param names the names of roles and resources
 * @param lakeFormation true if rights are mirrored to Lake Formation
 * @param organization the ARN of the organization of all accounts; empty if it is not known
 * @param engines the engines that Lake Formation trusts to filter
 * @param hybrid true if IAM still decides about tables that it opened before the mesh
 */
public record MirrorSettings(
    ResourceNames names,
    boolean lakeFormation,
    Optional<String> organization,
    TrustedEngines engines,
    boolean hybrid) {
  /** The role of an account with which Lake Formation reads registered locations. */
  public static final String REGISTRATION = "mesh-registration";

  /** The role that reads and changes Glue and Lake Formation. */
  public static final String MIRROR = "mesh-mirror";

  /** Settings without engines that filter and without access by IAM. */
  public MirrorSettings(ResourceNames names, boolean lakeFormation, Optional<String> organization) {
    this(names, lakeFormation, organization, TrustedEngines.NONE, false);
  }

  /**
   * The processes that Lake Formation of a catalog trusts to filter columns and rows. Immutable.
   *
   * @param accounts the accounts of their roles, in order
   * @param sessionTagValues the values of {@link #SESSION_TAG} that their sessions have, in order
   */
  public record TrustedEngines(Collection<String> accounts, Collection<String> sessionTagValues) {
    /** The key of the session tag by which Lake Formation knows an engine. */
    public static final String SESSION_TAG = "LakeFormationAuthorizedCaller";

    /** None: Lake Formation gives no files to readers of some columns or rows. */
    public static final TrustedEngines NONE = new TrustedEngines(Set.of(), Set.of());

    public TrustedEngines {
      accounts = List.copyOf(new TreeSet<>(accounts));
      sessionTagValues = List.copyOf(new TreeSet<>(sessionTagValues));
    }

    /** Returns these engines, and engines with another value in other accounts. */
    public TrustedEngines and(String sessionTagValue, Collection<String> others) {
      Set<String> allAccounts = new TreeSet<>(accounts);
      allAccounts.addAll(others);
      Set<String> allValues = new TreeSet<>(sessionTagValues);
      allValues.add(sessionTagValue);
      return new TrustedEngines(allAccounts, allValues);
    }

    /** Returns true if there are some. */
    public boolean isPresent() {
      return !accounts.isEmpty();
    }
  }

  /**
   * Which domains let all accounts of an organization read the files of their open products.
   * Immutable.
   *
   * @param account the account of the mesh, which has the bucket of domains without a place
   * @param organization the ID of the organization, such as {@code o-abcdefghij}; empty without
   *     domains
   * @param domains the names of the domains
   */
  public record OpenDataSettings(String account, String organization, Set<String> domains) {
    public OpenDataSettings {
      domains = Set.copyOf(domains);
    }
  }
}
