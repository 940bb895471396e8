package io.meshwork.aws;

import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.product.Principal;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The names of grantees, roles, and locations in Lake Formation. Immutable.
 *
 * @param config the configuration of the mesh
 * @param accounts the accounts of all domains of the mesh
 */
record LakeFormationNames(AwsConfig config, Collection<String> accounts) {
  /** The role of an account with which Lake Formation reads registered locations. */
  static final String REGISTRATION = "mesh-registration";

  /** The role that reads and changes Lake Formation. */
  static final String MIRROR = "mesh-mirror";

  private static final String ROLE = ":role/";

  /** Keeps the accounts in order. */
  LakeFormationNames {
    accounts = List.copyOf(new TreeSet<>(accounts));
  }

  /** Returns the ARN of the administrator that the mesh has in an account. */
  String administrator(String account) {
    return config.roleArn(Principal.of(account, MIRROR));
  }

  /** Returns the ARN of the role with which locations are registered. */
  String registration(String account) {
    return config.roleArn(Principal.of(account, REGISTRATION));
  }

  /** Returns the ARN of a location of S3. */
  String location(String s3) {
    return "arn:" + config.partition() + ":s3:::" + s3.substring("s3://".length());
  }

  /**
   * Returns the grantees of a grant as Lake Formation names them: the organization if the
   * configuration has one, else all accounts of the mesh. None for accounts that AWS does not have.
   */
  List<String> grantees(Grant grant) {
    Grantee to = grant.to();
    if (to.equals(CatalogAccess.MESH)) {
      return config.organization().isPresent()
          ? List.of(config.organization().get())
          : accounts.stream()
              .filter(account -> AwsConfig.isAccount(account))
              .filter(account -> !account.equals(grant.on().account()))
              .toList();
    }
    String account = to.account().orElse("");
    if (!AwsConfig.isAccount(account) || !AwsConfig.isAccount(grant.grantor())) {
      return List.of();
    }
    int role = to.id().indexOf(ROLE);
    return List.of(
        to.kind() == Grantee.Kind.PRINCIPAL && role > 0
            ? config.roleArn(Principal.of(account, to.id().substring(role + ROLE.length())))
            : to.id());
  }
}
