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
 * @param registration the role with which Lake Formation reads
 * @param domains the domains of other accounts with files in the bucket of the mesh
 */
record BucketUsers(
    Optional<Principal> backup,
    Optional<Principal> registration,
    List<CrossAccountDomain> domains) {
  static final BucketUsers NONE = new BucketUsers(Optional.empty(), Optional.empty(), List.of());

  /** Copies the list. */
  BucketUsers {
    domains = List.copyOf(domains);
  }

  BucketUsers withBackup(Principal role) {
    return new BucketUsers(Optional.of(role), registration, domains);
  }

  BucketUsers withRegistration(Principal role) {
    return new BucketUsers(backup, Optional.of(role), domains);
  }

  BucketUsers with(CrossAccountDomain domain) {
    return new BucketUsers(
        backup,
        registration,
        Stream.concat(domains.stream(), Stream.of(domain)).distinct().toList());
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
