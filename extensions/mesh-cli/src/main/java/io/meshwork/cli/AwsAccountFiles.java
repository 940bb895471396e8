package io.meshwork.cli;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.cli.MeshOpener.Cloud.AccountFiles;
import io.meshwork.cli.MeshOpener.Cloud.AccountRequest;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Prints the setup of an account, as {@code mesh template} asks for it. */
record AwsAccountFiles(AwsConfig config, AccountRequest request) {
  private static final String FORMS = "cloudformation, terraform, policies, or organization";
  private static final Pattern TABLE = Pattern.compile("(.+)@([1-9][0-9]{0,8})");
  private static final String KINDS =
      "producer, tasks, steward, maintenance, consumer, executor, governance, operator, backup,"
          + " reader, or engine-reader";

  /**
   * Returns the files.
   *
   * @throws UsageException if the form, or a kind or role of the request, does not exist
   */
  AccountFiles of(String form) {
    return switch (form) {
      case "cloudformation" -> templates(setup());
      case "terraform" -> modules(setup());
      case "policies" ->
          new AccountFiles(
              setup().policies(), List.of("The folders belong to accounts and their roles."));
      default -> throw new UsageException("FORM is " + FORMS + ", not '" + form + "'.");
    };
  }

  /**
   * Returns the setup.
   *
   * @throws UsageException if the request names a kind or role that does not exist
   */
  AccountSetup setup() {
    AccountSetup setup = accepted("--account", () -> AccountSetup.of(config, request.account()));
    for (Map.Entry<String, String> catalog : request.catalogs().entrySet()) {
      setup =
          with(
              setup,
              "--catalog " + catalog.getKey(),
              each -> each.catalog(catalog.getKey(), catalog.getValue()));
    }
    for (Map.Entry<String, List<String>> role : new TreeMap<>(request.roles()).entrySet()) {
      String name = role.getKey();
      AwsRoleKind[] kinds = accepted("--role " + name, () -> kinds(role.getValue()));
      setup = with(setup, "--role " + name, each -> each.role(name, kinds));
      List<String> trusted = request.trusted().get(name);
      if (trusted != null) {
        setup = with(setup, "--trust " + name, each -> each.role(name, trusted, kinds));
      }
    }
    requireRoles("--trust", request.trusted());
    setup = withSources(setup);
    List<TableReaders> readers = new ArrayList<>();
    new TreeMap<>(request.tableReaders())
        .forEach(
            (table, roles) ->
                readers.add(
                    accepted("--table-readers " + table, () -> tableReaders(table, roles))));
    setup =
        with(setup, "--table-readers", each -> each.readers(readers.toArray(TableReaders[]::new)));
    Optional<List<String>> senders = request.senders();
    if (senders.isPresent()) {
      String[] accounts = senders.get().toArray(String[]::new);
      setup = with(setup, "--notices", each -> each.notices(accounts));
    }
    if (!request.addresses().isEmpty()) {
      String[] addresses = request.addresses().toArray(String[]::new);
      setup = with(setup, "--email", each -> each.email(addresses));
    }
    if (!request.deployers().isEmpty()) {
      String[] deployers = request.deployers().toArray(String[]::new);
      setup = with(setup, "--deployed-by", each -> each.deployedBy(deployers));
    }
    return setup;
  }

  private AccountSetup withSources(AccountSetup before) {
    AccountSetup setup = before;
    requireRoles("--source", request.sources());
    requireRoles("--export", request.exports());
    Map<String, List<String>> sources = new TreeMap<>();
    for (Map.Entry<String, List<String>> role : new TreeMap<>(request.sources()).entrySet()) {
      String name = role.getKey();
      for (String source : role.getValue()) {
        setup = with(setup, "--source " + name, each -> each.source(name, source));
      }
      sources.put(name, new ArrayList<>(role.getValue()));
    }
    for (Map.Entry<String, List<String>> role : new TreeMap<>(request.exports()).entrySet()) {
      String name = role.getKey();
      for (String export : role.getValue()) {
        String[] parts = export.split(",", 2);
        if (parts.length < 2) {
          throw new UsageException(
              "--export " + name + " is the ARN of a table, a comma, and a folder.");
        }
        setup = with(setup, "--export " + name, each -> each.export(name, parts[0], parts[1]));
        sources.getOrDefault(name, new ArrayList<>()).add(parts[1]);
      }
    }
    // Together, because a key needs a source that it encrypts, in any order of the options.
    sources.forEach(
        (name, all) ->
            accepted(
                "--source " + name,
                () -> AwsPolicies.of(config).sources(all.toArray(String[]::new))));
    return setup;
  }

  /** Returns who reads a table such as {@code commerce/orders@1}. */
  private static TableReaders tableReaders(String table, List<String> roles) {
    Matcher parts = TABLE.matcher(table);
    if (!parts.matches() || roles.stream().anyMatch(role -> role.indexOf('/') < 0)) {
      throw new UsageException(
          "--table-readers is a product with its major version, '=', and roles, such as"
              + " commerce/orders@1=444444444444/analyst.");
    }
    return TableReaders.of(
        parts.group(1),
        Integer.parseInt(parts.group(2)),
        roles.stream()
            .map(role -> role.split("/", 2))
            .map(role -> Principal.of(role[0], role[1]))
            .toArray(Principal[]::new));
  }

  private void requireRoles(String option, Map<String, List<String>> named) {
    for (String name : new TreeMap<>(named).keySet()) {
      if (!request.roles().containsKey(name)) {
        throw new UsageException(
            option
                + " names the role '"
                + name
                + "', and no --role does. Add --role "
                + name
                + "=…");
      }
    }
  }

  /** Returns what a value of an option makes, or names the option that does not accept it. */
  static <T> T accepted(String option, Supplier<T> factory) {
    try {
      return factory.get();
    } catch (InvalidRequestException e) {
      throw new UsageException(option + ": " + e.reason() + ". " + e.fix());
    }
  }

  /** Returns a setup with the value of an option, or names the option that does not accept it. */
  static <T> T with(T setup, String option, UnaryOperator<T> change) {
    return accepted(option, () -> change.apply(setup));
  }

  private AwsRoleKind[] kinds(List<String> texts) {
    return texts.stream().flatMap(this::kinds).toArray(AwsRoleKind[]::new);
  }

  /**
   * Returns the kinds that a string names. An operator is {@code operator()} in the account of the
   * mesh, and {@code maintenance(..)} of the domain that the account acts for.
   */
  private Stream<AwsRoleKind> kinds(String text) {
    String[] parts = text.split(":", 2);
    if (!parts[0].equals("operator")) {
      return Stream.of(kind(text));
    }
    boolean isOfMesh = config.account().equals(request.account());
    boolean hasDomain = parts.length > 1 || request.domain().isPresent();
    return Stream.concat(
        isOfMesh ? Stream.of(AwsRoleKind.operator()) : Stream.empty(),
        isOfMesh && !hasDomain
            ? Stream.empty()
            : Stream.of(AwsRoleKind.maintenance(domain(parts))));
  }

  private AwsRoleKind kind(String text) {
    String[] parts = text.split(":", 2);
    return switch (parts[0]) {
      case "producer" -> AwsRoleKind.producer(domain(parts));
      case "tasks" -> tasks(domain(parts));
      case "steward" -> AwsRoleKind.steward(domain(parts));
      case "maintenance" -> AwsRoleKind.maintenance(domain(parts));
      case "consumer" -> AwsRoleKind.consumer(domain(parts));
      case "executor" -> withoutDomain(parts, AwsRoleKind.executor(request.account()));
      case "governance" -> withoutDomain(parts, AwsRoleKind.governance());
      case "backup" -> withoutDomain(parts, AwsRoleKind.backup());
      case "reader" -> withoutDomain(parts, AwsRoleKind.reader());
      case "engine-reader" -> withoutDomain(parts, AwsRoleKind.engineReader());
      default -> throw new UsageException("KIND is " + KINDS + ", not '" + parts[0] + "'.");
    };
  }

  /** Returns the kind for a domain, or for a product such as {@code commerce/orders}. */
  private static AwsRoleKind tasks(String name) {
    int slash = name.indexOf('/');
    return slash < 0
        ? AwsRoleKind.tasks(name)
        : AwsRoleKind.tasks(name.substring(0, slash), name.substring(slash + 1));
  }

  private static AwsRoleKind withoutDomain(String[] parts, AwsRoleKind kind) {
    if (parts.length > 1) {
      throw new UsageException(
          "'"
              + parts[0]
              + ":"
              + parts[1]
              + "' names a domain or an account, and the kind "
              + parts[0]
              + " has none. Write "
              + parts[0]
              + ".");
    }
    return kind;
  }

  private String domain(String[] parts) {
    return parts.length > 1
        ? parts[1]
        : request
            .domain()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Which domain? Add --domain DOMAIN, or write "
                            + parts[0]
                            + ":DOMAIN, because a "
                            + parts[0]
                            + " acts for one."));
  }

  private static AccountFiles templates(AccountSetup setup) {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> steps = new ArrayList<>();
    for (Template template : setup.templates()) {
      files.put(template.fileName(), template.body());
      steps.add("In " + template.account() + ": " + template.command());
    }
    return new AccountFiles(files, steps);
  }

  /** Each account has a folder, because a provider of Terraform is for one account. */
  private static AccountFiles modules(AccountSetup setup) {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> steps = new ArrayList<>();
    for (Template template : setup.templates()) {
      String folder = template.account() + "/";
      files.put(folder + template.fileName(), template.body());
      files.put(folder + template.stack() + ".tf", template.terraform());
      String step = "In " + template.account() + ": apply the module " + folder;
      if (!steps.contains(step)) {
        steps.add(step);
      }
    }
    return new AccountFiles(files, steps);
  }
}
