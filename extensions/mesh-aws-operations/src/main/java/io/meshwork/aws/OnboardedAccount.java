package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.product.Principal;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * What an account gets.
 *
 * @param account the account
 * @param ofMesh the account of the mesh
 * @param templates its templates, in the order of their stacks
 * @param roles the roles in them that processes act as
 * @param documents the mesh that it belongs to
 */
@NullMarked
record OnboardedAccount(
    String account,
    String ofMesh,
    List<Template> templates,
    List<Principal> roles,
    FirstDocuments documents) {
  /** The role as which stacks are deployed. */
  static final String DEPLOYER = "mesh-deployer";

  OnboardedAccount {
    templates = List.copyOf(templates);
    roles = List.copyOf(roles);
  }

  boolean isOfMesh() {
    return account.equals(ofMesh);
  }

  /** Returns true for the stack that makes the deployer, which an administrator changes. */
  boolean isOfDeployer(Template template) {
    return template.equals(templates.get(0));
  }
}
