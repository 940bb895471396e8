package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.product.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * What an account gets.
 *
 * @param config the mesh that it belongs to
 * @param account the account
 * @param catalogs the catalogs that its roles use
 * @param templates its templates, in the order of their stacks
 * @param roles the roles in them that no service assumes, with their kinds
 * @param sources returns the folders of S3 that a role reads outside the mesh, by their buckets
 * @param stewards returns its roles that share the data of a domain
 * @param registry the registry of the mesh
 */
@NullMarked
record OnboardedAccount(
    AwsConfig config,
    String account,
    AccountCatalogs catalogs,
    List<Template> templates,
    Map<Principal, List<AwsRoleKind>> roles,
    Function<Principal, Map<String, ? extends Set<String>>> sources,
    Function<String, List<Principal>> stewards,
    MeshRegistry registry) {
  OnboardedAccount {
    templates = List.copyOf(templates);
    roles = new LinkedHashMap<>(roles);
  }

  boolean isOfMesh() {
    return account.equals(config.account());
  }

  /** Returns the command that creates the mesh; several catalogs may be catalogs of lines. */
  String creation() {
    String address = config.address();
    return catalogs.accounts().isEmpty()
        ? ": " + ShellWords.command(List.of("mesh", "init", address))
        : " (if its catalogs are lines of business, with "
            + catalogs.accounts().keySet().stream()
                .map(line -> "--line " + line + "=DOMAIN,...")
                .collect(Collectors.joining(" "))
            + " in place of --federated): "
            + ShellWords.command(List.of("mesh", "init", "--federated", address));
  }

  /** Returns the template of the role as which stacks are deployed. */
  Template deployer() {
    return templates.get(0);
  }
}
