package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
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
 * @param settings what the configuration says
 * @param accounts the accounts of all domains of the mesh
 */
record LakeFormationNames(MirrorSettings settings, Collection<String> accounts) {
  private static final String ROLE = ":role/";

  /** Sorts the accounts. */
  LakeFormationNames {
    accounts = List.copyOf(new TreeSet<>(accounts));
  }

  /** Returns true if all accounts are in one organization, which shares without invitations. */
  boolean isOrganization() {
    return settings.organization().isPresent();
  }

  /** Returns the ARN of the role with which locations are registered. */
  String registration(String account) {
    return settings.names().role(Principal.of(account, MirrorSettings.REGISTRATION));
  }

  /** Returns the ARN of a location of S3. */
  String location(String s3) {
    return settings.names().location(s3);
  }

  /**
   * Returns the grantees of a grant as Lake Formation names them: the organization if the
   * configuration has one, else all accounts of the mesh. None for accounts that AWS does not have.
   */
  List<String> grantees(Grant grant) {
    Grantee to = grant.to();
    if (to.equals(CatalogAccess.MESH)) {
      return settings.organization().isPresent()
          ? List.of(settings.organization().get())
          : accounts.stream()
              .filter(account -> ResourceNames.isAccount(account))
              .filter(account -> !account.equals(grant.on().account()))
              .toList();
    }
    String account = to.account().orElse("");
    if (!ResourceNames.isAccount(account) || !ResourceNames.isAccount(grant.grantor())) {
      return List.of();
    }
    int role = to.id().indexOf(ROLE);
    return List.of(
        to.kind() == Grantee.Kind.PRINCIPAL && role > 0
            ? settings.names().role(Principal.of(account, to.id().substring(role + ROLE.length())))
            : to.id());
  }
}
