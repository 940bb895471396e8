package io.meshwork.aws;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who uses the files of a bucket besides the readers of single tables. Immutable.
 *
 * @param backup the role that copies the mesh
 * @param registrations the roles with which Lake Formation reads, one for each catalog; empty for
 *     the role in the account of the mesh
 * @param domains the domains of other accounts with files in the bucket of the mesh
 */
record BucketUsers(
    Optional<Principal> backup, List<Principal> registrations, List<CrossAccountDomain> domains) {
  static final BucketUsers NONE = new BucketUsers(Optional.empty(), List.of(), List.of());

  BucketUsers {
    registrations = List.copyOf(registrations);
    domains = List.copyOf(domains);
  }

  BucketUsers withBackup(Principal role) {
    return new BucketUsers(Optional.of(role), registrations, domains);
  }

  BucketUsers withRegistration(Principal role) {
    return new BucketUsers(backup, and(registrations, role), domains);
  }

  BucketUsers with(CrossAccountDomain domain) {
    return new BucketUsers(backup, registrations, and(domains, domain));
  }

  private static <T> List<T> and(List<T> before, T added) {
    return Stream.concat(before.stream(), Stream.of(added)).distinct().toList();
  }

  /**
   * A domain that has files in the bucket of the mesh, and whose account is another one.
   *
   * @param folder the domain in storage form, which is its folder
   * @param account the account that acts for it
   */
  record CrossAccountDomain(String folder, String account) {
    /**
     * Returns a domain and its account.
     *
     * @throws io.meshwork.error.InvalidRequestException if it is not a name of a domain, or the
     *     account does not have 12 digits
     */
    static CrossAccountDomain of(String domain, String account) {
      return new CrossAccountDomain(
          NameGrammar.storage(NameGrammar.check("domain", domain)),
          AwsConfig.checkedAccount(account));
    }

    /** Returns the keys of its tables and archived logs, as patterns. */
    List<String> prefixes() {
      return List.of(
          DataPlaces.dataFolder("").substring(1) + "/" + folder + "/*",
          DataPlaces.archiveFolder("").substring(1) + "/" + folder + "/*");
    }
  }
}
