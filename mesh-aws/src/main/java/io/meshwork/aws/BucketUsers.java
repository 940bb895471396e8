package io.meshwork.aws;

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
}
