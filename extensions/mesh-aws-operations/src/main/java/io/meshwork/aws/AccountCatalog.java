package io.meshwork.aws;

import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/**
 * The catalog of a mesh with several whose table an account has.
 *
 * @param config the mesh
 * @param name the catalog
 * @param account the account
 * @param registry the registry of the mesh
 * @param self the role of this process, which adds it
 */
@NullMarked
record AccountCatalog(
    AwsConfig config, String name, String account, MeshRegistry registry, Principal self) {
  /** Returns the catalog of an account; empty if it has no table, or the mesh has one catalog. */
  static Optional<AccountCatalog> of(OnboardedAccount account, Principal self) {
    AccountCatalogs catalogs = account.catalogs();
    return catalogs.accounts().isEmpty()
        ? Optional.empty()
        : catalogs
            .shown()
            .flatMap(AccountCatalogs.Table::catalog)
            .map(
                name ->
                    new AccountCatalog(
                        account.config(), name, account.account(), account.registry(), self));
  }

  /** Returns the step that adds the catalog to the mesh, which exists; empty if it has it. */
  Optional<Plan.Step> step() {
    return registry.hasCatalog(name, account)
        ? Optional.empty()
        : Optional.of(
            new Plan.Step(
                "add",
                subject(),
                "as "
                    + self
                    + ": writes the first documents of its table, and lists it in the mesh",
                ""));
  }

  /** Returns the step for a role of governance. */
  Plan.Step byHand(String reason) {
    return new Plan.Step(
        StepVerbs.BY_HAND,
        subject(),
        "add it as a role of governance, which may write its table and the mesh's, because "
            + reason
            + ": "
            + ShellWords.command(
                List.of(
                    "mesh",
                    "catalog",
                    "add",
                    name,
                    "--account",
                    account,
                    "--mesh",
                    config.address())),
        "");
  }

  /** Returns the step that waits for something. */
  Plan.Step waiting(String needed) {
    return new Plan.Step(
        StepVerbs.WAIT, subject(), "it needs " + needed + "; run this again after that", "");
  }

  String subject() {
    return "catalog " + name + " in " + account;
  }
}
