package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.ResourceNames;
import java.util.Optional;

/**
 * What a configuration says of mirrors. Immutable.
 *
 * @param names the names of roles and resources
 * @param lakeFormation true if rights are mirrored to Lake Formation
 * @param organization the ARN of the organization of all accounts; empty if it is not known
 * @param engines the engines that Lake Formation trusts to filter
 */
public record MirrorSettings(
    ResourceNames names,
    boolean lakeFormation,
    Optional<String> organization,
    TrustedEngines engines) {
  /** The role of an account with which Lake Formation reads registered locations. */
  public static final String REGISTRATION = "mesh-registration";

  /** The role that reads and changes Glue and Lake Formation. */
  public static final String MIRROR = "mesh-mirror";

  /** Settings without engines that filter. */
  public MirrorSettings(ResourceNames names, boolean lakeFormation, Optional<String> organization) {
    this(names, lakeFormation, organization, TrustedEngines.NONE);
  }
}
