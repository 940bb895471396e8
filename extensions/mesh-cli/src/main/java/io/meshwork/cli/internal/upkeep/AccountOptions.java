package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.MeshOpener.Cloud.AccountRequest;
import io.meshwork.cli.internal.shell.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what an account of a mesh is for. */
public final class AccountOptions {
  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "The domain of the kinds that name none")
  private @Nullable String domain;

  @Option(
      names = "--catalog",
      paramLabel = "NAME=ACCOUNT",
      description = {
        "In a mesh of several catalogs, one that the roles use, and the account of its table, that",
        "of the domain first; for the account of the mesh, all; repeatable"
      })
  private List<String> catalogs = new ArrayList<>();

  @Option(
      names = "--role",
      paramLabel = "NAME=KIND",
      description = {
        "A role and what it does: producer, tasks, steward, maintenance, consumer, executor,",
        "governance, operator, backup, reader, or engine-reader; several with commas, of",
        "another domain as KIND:DOMAIN, of a product as tasks:DOMAIN/PRODUCT; repeatable"
      })
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--trust",
      paramLabel = "NAME=WHO",
      description = {
        "Who may assume a role: a service such as glue.amazonaws.com, the ARN of a role, or",
        "an account; several with commas; repeatable. Default: the account of the role"
      })
  private List<String> trusted = new ArrayList<>();

  @Option(
      names = "--deployed-by",
      split = ",",
      paramLabel = "WHO",
      description = "Who may assume mesh-deployer. Default: the account of the mesh")
  private List<String> deployers = new ArrayList<>();

  @Option(
      names = "--notices",
      arity = "0..1",
      fallbackValue = "",
      split = ",",
      paramLabel = "ACCOUNT",
      description = {
        "Adds an event bus and a queue for notices, which these accounts send; several with",
        "commas. Not needed for accounts of the organization that the address names"
      })
  private @Nullable List<String> senders;

  @Option(
      names = "--email",
      split = ",",
      paramLabel = "ADDRESS",
      description = {
        "Adds mail about late products and rollouts to these addresses, with the bus of --notices;",
        "several with commas. Each confirms a message of AWS first"
      })
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--source",
      paramLabel = "NAME=SOURCE",
      description = {
        "What a role reads outside the mesh: a folder such as s3://raw-lake/orders/, the ARN of a",
        "table of DynamoDB, of a secret, or, with one of these, of its KMS key; repeatable"
      })
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--export",
      paramLabel = "NAME=ARN,FOLDER",
      description = {
        "A table of DynamoDB that a role exports to a folder such as s3://exports/orders/, and",
        "reads there; repeatable"
      })
  private List<String> exports = new ArrayList<>();

  @Option(
      names = "--table-readers",
      paramLabel = "PRODUCT@MAJOR=ROLES",
      description = {
        "In a mesh without Lake Formation, roles of other accounts that read a table in the"
            + " bucket,",
        "such as 444444444444/analyst; several with commas; repeatable"
      })
  private List<String> tableReaders = new ArrayList<>();

  /** Returns true if an option is given. */
  boolean isUsed() {
    return domain != null
        || senders != null
        || !catalogs.isEmpty()
        || !roles.isEmpty()
        || !trusted.isEmpty()
        || !addresses.isEmpty()
        || !sources.isEmpty()
        || !exports.isEmpty()
        || !tableReaders.isEmpty()
        || !deployers.isEmpty();
  }

  /**
   * Returns what an account is for.
   *
   * @param owner the owner of its domain, if that is registered
   */
  AccountRequest request(String account, Optional<String> owner) {
    if (owner.isPresent() && domain == null) {
      throw new UsageException("--owner needs a domain. Add --domain DOMAIN.");
    }
    return new AccountRequest(
        account,
        Optional.ofNullable(domain),
        owner,
        catalogs(),
        lists("--role", roles),
        lists("--trust", trusted),
        deployers,
        Optional.ofNullable(senders)
            .map(all -> all.stream().filter(each -> !each.isEmpty()).toList()),
        addresses,
        repeated("--source", sources),
        repeated("--export", exports),
        lists("--table-readers", tableReaders));
  }

  private Map<String, String> catalogs() {
    Map<String, String> accounts = new LinkedHashMap<>();
    for (String pair : catalogs) {
      int end = nameEnd("--catalog", pair);
      String name = pair.substring(0, end);
      if (accounts.put(name, pair.substring(end + 1)) != null) {
        throw new UsageException(
            "--catalog names '" + name + "' twice. Name it once, with the account of its table.");
      }
    }
    return accounts;
  }

  /** Returns the values of a repeatable option, which may have commas, by the names before them. */
  private static Map<String, List<String>> repeated(String option, List<String> pairs) {
    Map<String, List<String>> values = new TreeMap<>();
    for (String pair : pairs) {
      int end = nameEnd(option, pair);
      values
          .computeIfAbsent(pair.substring(0, end), ignored -> new ArrayList<>())
          .add(pair.substring(end + 1));
    }
    return values;
  }

  private static int nameEnd(String option, String pair) {
    int end = pair.indexOf('=');
    if (end < 1) {
      throw new UsageException(
          option + " is a name, '=', and values; '" + pair + "' is something else.");
    }
    return end;
  }

  /** Returns the values of an option by the names before them. */
  static Map<String, List<String>> lists(String option, List<String> pairs) {
    Map<String, List<String>> lists = new TreeMap<>();
    for (String pair : pairs) {
      int end = nameEnd(option, pair);
      String name = pair.substring(0, end);
      if (lists.put(name, Arrays.asList(pair.substring(end + 1).split(",", -1))) != null) {
        throw new UsageException(
            option + " names '" + name + "' twice. Write all its values in one, with commas.");
      }
    }
    return lists;
  }
}
