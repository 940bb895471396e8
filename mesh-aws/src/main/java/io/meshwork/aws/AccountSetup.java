package io.meshwork.aws;

import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * All that an account of a mesh needs, as templates of AWS CloudFormation: its bucket, the roles
 * with their trust and permissions, and in the account of the mesh or of a {@link #catalog} the
 * table of the registry. The policies come from {@link AwsPolicies}, and the settings from {@link
 * AwsMesh#make}. Sends no request.
 *
 * <pre>{@code
 * AccountSetup commerce =
 *     AccountSetup.of(config, "222222222222")
 *         .role("commerce-etl", AwsRoleKind.producer("commerce"));
 * for (AccountSetup.Template template : commerce.templates()) {
 *   Files.writeString(Path.of(template.fileName()), template.body());
 * }
 * }</pre>
 *
 * <p>The account of the mesh gets the roles {@code mesh-operator}, whose processes run the mirrors,
 * {@code mesh-mirror}, and with {@link AwsConfig#lakeFormation()} {@code mesh-registration}. With
 * Lake Formation, each other account gets {@code mesh-mirror}. With {@link AwsConfig#cloudWatch()},
 * the account of the mesh has the table {@code quality_results} of AWS Glue, for Athena. An account
 * with a role of the kind {@link AwsRoleKind#engineReader} has a work group of Athena. Grants of
 * Lake Formation are never in a template: {@code Mesh.mirrors()} creates them. Immutable.
 */
public final class AccountSetup {
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");

  private final AwsConfig config;
  private final String account;
  private final AccountRoles roles;
  private final List<TableReaders> readers;
  private final List<String> deployers;
  private final Optional<AccountNotices> notices;

  private AccountSetup(
      AwsConfig config,
      String account,
      AccountRoles roles,
      List<TableReaders> readers,
      List<String> deployers,
      Optional<AccountNotices> notices) {
    this.config = config;
    this.account = account;
    this.roles = roles;
    this.readers = readers;
    this.deployers = deployers;
    this.notices = notices;
  }

  /**
   * A template of AWS CloudFormation.
   *
   * @param stack the name for its stack, such as {@code mesh-sales}
   * @param account the account in which the stack is created, 12 digits
   * @param region the region in which it is created; empty for the region of IAM Identity Center
   * @param body the template, as JSON
   */
  public record Template(String stack, String account, Optional<String> region, String body) {
    /** Returns a name for its file, such as {@code mesh-sales.222222222222.json}. */
    public String fileName() {
      return stack + "." + account + ".json";
    }

    /**
     * Returns the command that creates the stack, or changes it to what the template says, and then
     * turns on its termination protection. It is run in the folder that has the file {@link
     * #fileName}.
     */
    public String command() {
      return commands().deploy(fileName());
    }

    /** Returns how plans and findings name the stack. */
    String subject() {
      return stack + " in " + account;
    }

    StackCommands commands() {
      return new StackCommands(stack, region);
    }

    /**
     * Returns a Terraform resource that is the stack of this template, whose file is in the same
     * folder. Run it with a provider for the account of the template.
     */
    public String terraform() {
      return """
      resource "aws_cloudformation_stack" "%s" {
        name          = "%s"
        template_body = file("${path.module}/%s")
        capabilities  = ["CAPABILITY_NAMED_IAM"]
      }
      """
          .formatted(stack.replace('-', '_'), stack, fileName());
    }
  }

  /**
   * Returns the setup of an account to which roles are added.
   *
   * @param account 12 digits
   * @throws InvalidRequestException if the configuration names no mesh, or the account does not
   *     have 12 digits
   */
  public static AccountSetup of(AwsConfig config, String account) {
    ArgumentChecks.required("config", config);
    AwsConfig.checkedAccount(account);
    return new AccountSetup(
        config,
        account,
        AccountRoles.of(config, account),
        List.of(),
        List.of(config.account()),
        Optional.empty());
  }

  /**
   * Adds a role that any role of its account may assume whose own policies allow it.
   *
   * @param name the name of the role, without a path
   * @param kinds what it does, at least one
   * @throws InvalidRequestException if no kind is given, IAM does not accept the name, or the setup
   *     creates a role of this name
   */
  public AccountSetup role(String name, AwsRoleKind... kinds) {
    return role(name, List.of(), kinds);
  }

  /**
   * Adds a role of processes. A role with the same name is replaced.
   *
   * @param name the name of the role, without a path
   * @param trusted who may assume it: services such as {@code glue.amazonaws.com}, ARNs of roles
   *     that exist, and accounts; if it is empty, the roles of its account
   * @param kinds what it does, at least one
   * @throws InvalidRequestException if no kind is given, IAM does not accept the name or one of the
   *     trusted, or the setup creates a role of this name
   */
  public AccountSetup role(String name, List<String> trusted, AwsRoleKind... kinds) {
    return with(roles.with(name, trusted, kinds));
  }

  /**
   * Names a catalog of a mesh with several that roles of this account use, and the account of its
   * table. If that is this account, it gets the table, and with it the role {@code mesh-mirror} of
   * the catalog, the catalog of the account's domain. Otherwise, name the domain's catalog first.
   * In other catalogs, the roles look up and consume. In the account of the mesh, name all: its
   * roles of governance and its operator use each. Default: the mesh has one catalog.
   *
   * @param name the catalog: a line of business, or in a federated mesh a domain
   * @param tableAccount the account of its table, 12 digits, other than the account of the mesh
   * @throws InvalidRequestException if it is not a name, the account does not have 12 digits, or it
   *     is the account of the mesh or of another catalog
   */
  public AccountSetup catalog(String name, String tableAccount) {
    if (ArgumentChecks.text("tableAccount", tableAccount).equals(config.account())) {
      throw ArgumentChecks.refused(
          "tableAccount",
          "is " + tableAccount + ", whose table lists the catalogs of the mesh",
          "Use another account.");
    }
    return with(roles.withCatalog(name, tableAccount));
  }

  /**
   * Lets a role read sources of rows outside the mesh, in addition to earlier ones.
   *
   * @param name a role that was added before
   * @param sources as in {@link AwsPolicies#sources}. {@link #policies} has what the owner of a
   *     bucket, table, secret, or key in another account adds to its policy.
   * @throws InvalidRequestException if the role was not added, or a source is something else or in
   *     a bucket of the mesh
   */
  public AccountSetup source(String name, String... sources) {
    return with(roles.withSources(name, sources));
  }

  /**
   * Lets a role export a table of DynamoDB to a folder, and read the files there, which are gzipped
   * lines of DynamoDB JSON or Ion. A mesh does not read them itself: publish their items as
   * records. {@link #policies} has what the owner of a bucket in another account adds to its
   * policy.
   *
   * @param name a role that was added before
   * @param table the ARN of a table with point-in-time recovery
   * @param folder a folder of a bucket, such as {@code s3://exports/orders/}
   * @throws InvalidRequestException if the role was not added, the table or the folder is something
   *     else, or the folder is in a bucket of the mesh
   */
  public AccountSetup export(String name, String table, String folder) {
    return with(roles.withExport(name, table, folder));
  }

  private AccountSetup with(AccountRoles changed) {
    return new AccountSetup(config, account, changed, readers, deployers, notices);
  }

  /**
   * Adds readers of single tables in other accounts to the policy of the bucket, as {@link
   * AwsPolicies#bucket} does; in a mesh without Lake Formation, they need it.
   *
   * @throws InvalidRequestException if there are readers, and the mesh uses Lake Formation
   */
  public AccountSetup readers(TableReaders... readers) {
    return new AccountSetup(
        config, account, roles, AwsPolicies.of(config).checkedReaders(readers), deployers, notices);
  }

  /**
   * Sets who may assume the role {@code mesh-deployer}, as which stacks are created and changed.
   * Default: the roles of the account of the mesh whose own policies allow it.
   *
   * @param trusted ARNs of roles that exist, or accounts, at least one
   * @throws InvalidRequestException if there is none, or it is something else
   */
  public AccountSetup deployedBy(String... trusted) {
    List<String> all =
        new TrustPolicies(config).checked("trusted", ArgumentChecks.all("trusted", trusted));
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("trusted", "is empty", "Name roles or accounts.");
    }
    return new AccountSetup(config, account, roles, readers, all, notices);
  }

  /**
   * Adds the event bus {@code mesh-<name>}, to which notices for the account are sent with {@link
   * AwsMesh#notifier}, a rule, and the queue {@code mesh-<name>-notices} behind it: encrypted,
   * retaining messages for 14 days, with dead letters after 5 receives in {@code
   * mesh-<name>-notices-dead}. Roles of the kind {@link AwsRoleKind#maintenance} may then send to
   * the buses of the mesh in all accounts, and roles of the kind {@link AwsRoleKind#consumer} read
   * the queue. Default: neither bus nor queue.
   *
   * <p>The bus also gets the events of the account's domains. It sends the events that mirrors show
   * to the bus of the account of the mesh, as the role {@code mesh-events}. If that account has
   * one, by its own setup, which names the other accounts, the events come to the queue {@code
   * mesh-<name>-changes} there, from which {@code mesh-operator} learns at once what to mirror.
   *
   * @param accounts the other accounts whose roles may send to the bus, 12 digits; unused if {@link
   *     AwsConfig#lakeFormation(String)} names the organization, all of whose accounts may
   * @throws InvalidRequestException if an account does not have 12 digits
   */
  public AccountSetup notices(String... accounts) {
    List<String> all = ArgumentChecks.all("accounts", accounts);
    all.forEach(AwsConfig::checkedAccount);
    return with(
        new AccountNotices(
            config, account, all, notices.map(AccountNotices::addresses).orElse(List.of())));
  }

  /**
   * Adds mail to people for each notice about a late product or a rollout, and with {@link
   * AwsConfig#cloudWatch()} for each change of an alarm about late data: the topic {@code
   * mesh-<name>-mail} of Amazon SNS, a subscription of each address, and a rule of the bus, which
   * this adds too if {@link #notices} did not. Each address gets a message from AWS, which its
   * owner confirms first. The topic is encrypted with {@link AwsConfig#encryptionKey}, if one is
   * set: its policy has to permit {@code events.amazonaws.com} and {@code cloudwatch.amazonaws.com}
   * {@code kms:Decrypt} and {@code kms:GenerateDataKey}; the key that SNS itself has does not.
   * Default: no mail.
   *
   * @param addresses the addresses, at least one
   * @throws InvalidRequestException if there is none, or one has no {@code @}
   */
  public AccountSetup email(String... addresses) {
    List<String> all = ArgumentChecks.all("addresses", addresses).stream().distinct().toList();
    for (String address : all) {
      if (!ADDRESS.matcher(address).matches()) {
        throw ArgumentChecks.refused(
            "addresses",
            "has '" + address + "', which is not an email address",
            "Use one such as owner@example.org.");
      }
    }
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("addresses", "is empty", "Name who gets mail.");
    }
    return with(
        new AccountNotices(
            config, account, notices.map(AccountNotices::senders).orElse(List.of()), all));
  }

  private AccountSetup with(AccountNotices received) {
    return new AccountSetup(config, account, roles, readers, deployers, Optional.of(received));
  }

  /**
   * Returns the templates in the order in which their stacks are created. The first one creates the
   * role {@code mesh-deployer}, as which the others are deployed; an administrator creates it. The
   * last ones are for the other accounts that have a registry: they let the roles of this account
   * use it.
   *
   * @throws InvalidRequestException if a policy or a template is larger than AWS accepts
   */
  public List<Template> templates() {
    List<Template> templates = new ArrayList<>();
    templates.add(
        template(
            config.table() + "-deployer",
            account,
            "Who deploys the mesh " + config.meshName() + " in this account",
            List.of(deployer().resource())));
    templates.add(
        template(
            config.table(),
            account,
            "The mesh " + config.meshName() + " in this account",
            resources()));
    ofTables()
        .forEach(
            (place, entries) ->
                templates.add(
                    template(
                        config.table() + "-from-" + account,
                        place,
                        "What the account " + account + " may do in the mesh " + config.meshName(),
                        entries)));
    return List.copyOf(templates);
  }

  /**
   * Returns each policy of the templates by the name of a file, such as {@code
   * 222222222222/commerce-etl/files.json}, for tools that make roles and buckets themselves.
   */
  public Map<String, String> policies() {
    Map<String, String> files = roles.files(deployer(), notices);
    files.put(account + "/" + config.bucketIn(account) + ".json", bucketPolicy());
    notices.ifPresent(
        received -> {
          received.busPolicy().ifPresent(policy -> files.put(account + "/event-bus.json", policy));
          files.put(account + "/notice-queue.json", received.queuePolicy());
          received
              .changes()
              .queuePolicy()
              .ifPresent(policy -> files.put(account + "/change-queue.json", policy));
          if (!received.addresses().isEmpty()) {
            files.put(account + "/mail-topic.json", received.mail().policy());
          }
        });
    return files;
  }

  AwsConfig config() {
    return config;
  }

  String account() {
    return account;
  }

  /**
   * Returns the roles of the account that no service assumes, with their kinds; roles that the
   * setup itself creates have none.
   */
  Map<Principal, List<AwsRoleKind>> processes() {
    Map<Principal, List<AwsRoleKind>> all = new LinkedHashMap<>();
    all.put(deployer().principal(), List.of());
    roles.own(notices).stream()
        .map(AccountRole::principal)
        .filter(roles::isOfProcesses)
        .forEach(role -> all.put(role, roles.kinds(role)));
    return all;
  }

  /** Returns the folders of S3 that a role reads outside the mesh, by their buckets. */
  Map<String, ? extends Set<String>> sourceFolders(Principal role) {
    return roles.sourceFolders(role);
  }

  /** Returns the catalogs that the roles of the account use. */
  AccountCatalogs catalogs() {
    return roles.catalogs();
  }

  /** Returns the roles that share the data of a domain. */
  List<Principal> stewards(String domain) {
    return roles.stewards(domain);
  }

  private Template template(
      String stack, String place, String description, List<AccountResource> resources) {
    return new Template(
        stack,
        place,
        Optional.of(config.region()),
        AccountResource.template(stack, description, resources));
  }

  private AccountRole deployer() {
    return roles.deployer(deployers, notices);
  }

  private List<AccountResource> resources() {
    AccountStores stores = new AccountStores(config, account);
    List<AccountResource> resources = new ArrayList<>(stores.bucket(bucketPolicy()));
    if (roles.catalogs().own().isPresent()) {
      resources.add(stores.table());
    }
    if (account.equals(config.account())) {
      resources.addAll(stores.qualityTable());
    }
    roles.own(notices).forEach(role -> resources.add(role.resource()));
    notices.ifPresent(received -> resources.addAll(received.resources()));
    if (roles.query()) {
      resources.add(stores.workGroup());
    }
    return resources;
  }

  /**
   * Returns the policy of the bucket of the account, as JSON: its readers and the roles {@code
   * mesh-registration} of its catalogs read the files.
   */
  public String bucketPolicy() {
    return roles.catalogs().ofBucket().bucket(account, readers.toArray(TableReaders[]::new));
  }

  /** Returns what the account adds to those of the tables that its roles use. */
  private Map<String, List<AccountResource>> ofTables() {
    Map<String, List<AccountResource>> resources = new LinkedHashMap<>();
    roles
        .registryRoles()
        .forEach(role -> added(resources, role.principal().account()).add(role.resource()));
    roles
        .ofOperator()
        .forEach(
            (name, policy) ->
                added(resources, config.account())
                    .add(
                        AccountRole.policy(
                            Principal.of(config.account(), AccountRoles.OPERATOR),
                            name,
                            PolicyDocument.parsed(policy))));
    return resources;
  }

  private static List<AccountResource> added(
      Map<String, List<AccountResource>> resources, String place) {
    return resources.computeIfAbsent(place, absent -> new ArrayList<>());
  }
}
