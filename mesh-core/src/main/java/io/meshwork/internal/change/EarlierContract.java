package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * A contract that a product had before the current one, in the definition of a program that was
 * written before an amendment or a rollout. Immutable.
 */
record EarlierContract(ClientSession session, ProductName product) {
  /**
   * Rejects the contract of an earlier version; accepts any other contract.
   *
   * @throws AlreadyExistsException if an earlier version has this contract; the message names both
   */
  void reject(Contract requested, VersionEntry current, MeshAction action) {
    Optional<ContractVersion> earlier = version(requested, current);
    if (earlier.isPresent()) {
      throw Failure.of(action)
          .because(
              "this is the contract of version "
                  + earlier.get()
                  + ", which version "
                  + current.version()
                  + " has replaced")
          .fix(
              "Define the contract of version "
                  + current.version()
                  + ", which describe(\""
                  + product
                  + "\") shows; the program is older than the contract.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
  }

  /** Returns the newest version before the current one that has the contract. */
  private Optional<ContractVersion> version(Contract requested, VersionEntry current) {
    return session.catalog().majors(product).stream()
        .flatMap(major -> session.catalog().contracts(product, major).entrySet().stream())
        .filter(version -> version.getKey().compareTo(current.version()) < 0)
        .filter(version -> version.getValue().isEquivalentTo(requested))
        .map(Map.Entry::getKey)
        .max(Comparator.naturalOrder());
  }
}
