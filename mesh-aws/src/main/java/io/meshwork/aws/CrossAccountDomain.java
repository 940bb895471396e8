package io.meshwork.aws;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.DataPlaces;
import java.util.List;

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
