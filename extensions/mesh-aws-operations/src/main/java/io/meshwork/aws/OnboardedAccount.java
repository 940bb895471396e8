package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;

/**
 * What an account gets.
 *
 * @param account the account
 * @param ofMesh the account of the mesh
 * @param templates its templates, in the order of their stacks
 * @param roles the roles in them that processes act as
 * @param stewards returns its roles that share the data of a domain
 * @param documents the mesh that it belongs to
 */
@NullMarked
record OnboardedAccount(
    String account,
    String ofMesh,
    List<Template> templates,
    List<Principal> roles,
    Function<String, List<Principal>> stewards,
    FirstDocuments documents) {
  /** The role as which stacks are deployed. */
  static final String DEPLOYER = AccountRoles.DEPLOYER;

  OnboardedAccount {
    templates = List.copyOf(templates);
    roles = List.copyOf(roles);
  }

  boolean isOfMesh() {
    return account.equals(ofMesh);
  }

  /** Returns a domain for which it acts. */
  AccountDomain domain(String name, String owner, Principal self) {
    Optional<String> place =
        isOfMesh() ? Optional.empty() : Optional.of("s3://" + documents.config().bucketIn(account));
    return new AccountDomain(name, owner, stewards.apply(name), account, place, documents, self);
  }

  /** Returns true for the stack that makes the deployer, which an administrator changes. */
  boolean isOfDeployer(Template template) {
    return template.equals(templates.get(0));
  }
}
