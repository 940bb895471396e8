package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All that an account of a mesh needs, as templates of AWS CloudFormation: its bucket, the roles
 * with their trust and permissions, and in the account of the mesh the table of the registry. The
 * policies are those of {@link AwsPolicies}, and the settings those of {@link AwsMesh#make}. Sends
 * no request.
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
 * Lake Formation, each other account gets {@code mesh-mirror}. Grants of Lake Formation are never
 * in a template: {@code Mesh.mirrors()} makes them. Immutable.
 */
public final class AccountSetup {
  /** Roles that services assume, and no process. */
  private static final List<String> OF_SERVICES =
      List.of(MirrorSettings.REGISTRATION, AccountChanges.SENDER);

  /** The role whose processes act as the roles {@code mesh-mirror} of all accounts. */
  private static final String OPERATOR = "mesh-operator";

  private static final String MIRROR = "mesh-mirror";
  private static final String DEPLOYER = "mesh-deployer";
  private static final Pattern ROLE_NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final List<String> OWN_ROLES =
      List.of(MIRROR, DEPLOYER, MirrorSettings.REGISTRATION, AccountChanges.SENDER);

  private final AwsConfig config;
  private final String account;
  private final AwsPolicies policies;
  private final Map<String, DeclaredRole> roles;
  private final List<TableReaders> readers;
  private final List<String> deployers;
  private final Optional<AccountNotices> notices;

  /**
   * A role that the caller declared.
   *
   * @param kinds what it does
   * @param trusted whose processes it is; empty for those of its account
   * @param sources what it reads outside the mesh
   * @param exports the folders to which it exports tables, by the ARN of the table
   */
  private record DeclaredRole(
      List<AwsRoleKind> kinds,
      List<String> trusted,
      Set<String> sources,
      Map<String, String> exports) {
    DeclaredRole(List<AwsRoleKind> kinds, List<String> trusted) {
      this(kinds, trusted, Set.of(), Map.of());
    }

    /** Returns false if it has only tasks of engines, whose drivers use the registry for them. */
    boolean usesRegistry() {
      return kinds.stream().anyMatch(kind -> kind.type() != AwsRoleKind.Type.TASKS);
    }
  }

  private AccountSetup(
      AwsConfig config,
      String account,
      Map<String, DeclaredRole> roles,
      List<TableReaders> readers,
      List<String> deployers,
      Optional<AccountNotices> notices) {
    this.config = config;
    this.account = account;
    this.policies = AwsPolicies.of(config);
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
   * @param body the template, as JSON
   */
  public record Template(String stack, String account, String body) {
    /** Returns a name for its file, such as {@code mesh-sales.222222222222.json}. */
    public String fileName() {
      return stack + "." + account + ".json";
    }

    /**
     * Returns the command that creates the stack, or changes it to what the template says, and then
     * turns on its termination protection.
     */
    public String command() {
      return "aws cloudformation deploy --stack-name "
          + stack
          + " --template-file "
          + fileName()
          + " --capabilities CAPABILITY_NAMED_IAM"
          + " && aws cloudformation update-termination-protection --enable-termination-protection"
          + " --stack-name "
          + stack;
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
        config, account, Map.of(), List.of(), List.of(config.account()), Optional.empty());
  }

  /**
   * Adds a role that any role of its account may assume whose own policies allow it.
   *
   * @param name the name of the role, without a path
   * @param kinds what it does, at least one
   * @throws InvalidRequestException if no kind is given, IAM does not accept the name, or the setup
   *     makes a role of this name
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
   *     trusted, or the setup makes a role of this name
   */
  public AccountSetup role(String name, List<String> trusted, AwsRoleKind... kinds) {
    Principal.of(account, ArgumentChecks.text("name", name));
    if (!ROLE_NAME.matcher(name).matches()) {
      throw ArgumentChecks.refused(
          "name",
          "is '" + name + "', which is not a name of a role in IAM",
          "Use at most 64 letters, digits, and the characters +=,.@_-.");
    }
    if (OWN_ROLES.contains(name)) {
      throw ArgumentChecks.refused(
          "name", "is '" + name + "', the name of a role that setups make", "Use another name.");
    }
    return with(
        name, new DeclaredRole(AwsPolicies.all(kinds), TrustPolicies.checked("trusted", trusted)));
  }

  /**
   * Lets a role read sources of rows outside the mesh, besides those that were named before.
   *
   * @param name a role that was added before
   * @param sources as in {@link AwsPolicies#sources}. {@link #policies} has what the owner of a
   *     bucket in another account adds to its policy.
   * @throws InvalidRequestException if the role was not added, or a source is something else or in
   *     a bucket of the mesh
   */
  public AccountSetup source(String name, String... sources) {
    SourcePolicies checks = new SourcePolicies(config);
    DeclaredRole role = declared(name);
    Set<String> all = new TreeSet<>(role.sources());
    ArgumentChecks.all("sources", sources).forEach(source -> all.add(checks.checked(source)));
    return with(name, new DeclaredRole(role.kinds(), role.trusted(), all, role.exports()));
  }

  /**
   * Lets a role export a table of DynamoDB to a folder, and read the files there.
   *
   * @param name a role that was added before
   * @param table the ARN of a table with point-in-time recovery
   * @param folder a folder of a bucket, such as {@code s3://exports/orders/}
   * @throws InvalidRequestException if the role was not added, the table or the folder is something
   *     else, or the folder is in a bucket of the mesh
   */
  public AccountSetup export(String name, String table, String folder) {
    SourcePolicies.checkTable(table);
    String checked = new SourcePolicies(config).checkedFolder(folder);
    DeclaredRole role = declared(name);
    Map<String, String> all = new TreeMap<>(role.exports());
    all.put(table, checked);
    return with(name, new DeclaredRole(role.kinds(), role.trusted(), role.sources(), all))
        .source(name, checked);
  }

  private DeclaredRole declared(String name) {
    DeclaredRole role = roles.get(ArgumentChecks.text("name", name));
    if (role == null) {
      throw ArgumentChecks.refused(
          "name", "is '" + name + "', a role that was not added", "Call role(..) before.");
    }
    return role;
  }

  private AccountSetup with(String name, DeclaredRole role) {
    Map<String, DeclaredRole> all = new LinkedHashMap<>(roles);
    all.put(name, role);
    return new AccountSetup(config, account, all, readers, deployers, notices);
  }

  /**
   * Adds readers of single tables in other accounts to the policy of the bucket, as {@link
   * AwsPolicies#bucket} does; in a mesh without Lake Formation, they need it.
   */
  public AccountSetup readers(TableReaders... tables) {
    return new AccountSetup(
        config, account, roles, ArgumentChecks.all("tables", tables), deployers, notices);
  }

  /**
   * Sets who may assume the role {@code mesh-deployer}, as which stacks are created and changed.
   * Default: the roles of the account of the mesh whose own policies allow it.
   *
   * @param trusted ARNs of roles that exist, or accounts, at least one
   * @throws InvalidRequestException if there is none, or it is something else
   */
  public AccountSetup deployedBy(String... trusted) {
    List<String> all = TrustPolicies.checked("trusted", ArgumentChecks.all("trusted", trusted));
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("trusted", "is empty", "Name roles or accounts.");
    }
    return new AccountSetup(config, account, roles, readers, all, notices);
  }

  /**
   * Adds the event bus {@code mesh-<name>}, to which notices for the account are sent with {@link
   * AwsMesh#notifier}, a rule, and the queue {@code mesh-<name>-notices} behind it: encrypted,
   * keeping messages for 14 days, with dead letters after 5 receives in {@code
   * mesh-<name>-notices-dead}. Roles of the kind {@link AwsRoleKind#maintenance} may then send to
   * the buses of the mesh in all accounts, and those of the kind {@link AwsRoleKind#consumer} read
   * the queue. Default: neither bus nor queue.
   *
   * <p>The bus also gets the events of the account's domains. It sends those that mirrors show to
   * the bus of the account of the mesh, as the role {@code mesh-events}. If that account has one,
   * by its own setup, which names the other accounts, the events come to the queue {@code
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
   * Adds mail to people for each notice about a late product or a rollout: the topic {@code
   * mesh-<name>-mail} of Amazon SNS, a subscription of each address, and a rule of the bus, which
   * this adds too if {@link #notices} did not. Each address gets a message from AWS, which its
   * owner confirms first. The topic is encrypted with {@link AwsConfig#encryptionKey}, if one is
   * set: its policy has to permit {@code events.amazonaws.com} {@code kms:Decrypt} and {@code
   * kms:GenerateDataKey}; the key that SNS itself has does not. Default: no mail.
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
   * Returns the templates in the order in which their stacks are created. The first one makes the
   * role {@code mesh-deployer}, as which the others are deployed; an administrator creates it. The
   * last one is for the account of the mesh, if that is another one: it lets the roles of this
   * account use the registry.
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
    if (!isOfMesh()) {
      List<AccountResource> entries = registryRoles();
      if (!entries.isEmpty()) {
        templates.add(
            template(
                config.table() + "-from-" + account,
                config.account(),
                "What the account " + account + " may do in the mesh " + config.meshName(),
                entries));
      }
    }
    return List.copyOf(templates);
  }

  /**
   * Returns each policy of the templates by the name of a file, such as {@code
   * 222222222222/commerce-etl/files.json}, for tools that make roles and buckets themselves.
   */
  public Map<String, String> policies() {
    Map<String, String> files = new TreeMap<>();
    Stream.of(Stream.of(deployer()), ownRoles().stream(), registryRolesOfCallers().stream())
        .flatMap(all -> all)
        .forEach(
            role -> {
              String folder = role.principal().account() + "/" + role.principal().role() + "/";
              files.put(folder + "trust.json", role.trust());
              role.policies().forEach((name, text) -> files.put(folder + name + ".json", text));
            });
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
    Map<Principal, Set<String>> sources = new LinkedHashMap<>();
    roles.forEach((name, role) -> sources.put(Principal.of(account, name), role.sources()));
    new SourcePolicies(config)
        .ofBuckets(sources)
        .forEach(
            (bucket, statements) ->
                files.put(
                    account + "/source-" + bucket + ".json",
                    PolicyDocument.BUCKET.text(statements)));
    mirrorOfAccount()
        .ifPresent(
            text ->
                files.put(
                    config.account() + "/" + OPERATOR + "/" + nameOfMirrorPolicy() + ".json",
                    text));
    return files;
  }

  AwsConfig config() {
    return config;
  }

  String account() {
    return account;
  }

  /**
   * Returns the roles of the account as which processes use the mesh, the deployer first. Tasks of
   * engines use files alone, and services assume the roles of registration and of events.
   */
  List<Principal> principals() {
    return Stream.concat(Stream.of(deployer()), ownRoles().stream())
        .map(AccountRole::principal)
        .filter(
            role -> {
              DeclaredRole declared = roles.get(role.role());
              return declared == null
                  ? !OF_SERVICES.contains(role.role())
                  : declared.usesRegistry();
            })
        .toList();
  }

  /** Returns the roles that share the data of a domain. */
  List<Principal> stewards(String domain) {
    return roles.entrySet().stream()
        .filter(
            role ->
                role.getValue().kinds().stream()
                    .filter(kind -> kind.type() == AwsRoleKind.Type.STEWARD)
                    .anyMatch(kind -> kind.folder().equals(NameGrammar.storage(domain))))
        .map(role -> Principal.of(account, role.getKey()))
        .toList();
  }

  private Template template(
      String stack, String place, String description, List<AccountResource> resources) {
    return new Template(stack, place, StackText.of(stack, description, resources));
  }

  private AccountRole deployer() {
    return new AccountRole(
        Principal.of(account, DEPLOYER),
        new TrustPolicies(config).ofProcesses(deployers),
        Map.of(
            "deploy",
            PolicyDocument.IDENTITY.text(
                new DeployerPolicy(config, account, notices)
                    .statements(ownRoles().stream().map(AccountRole::principal)))),
        List.of());
  }

  private List<AccountResource> resources() {
    AccountStores stores = new AccountStores(config, account);
    List<AccountResource> resources = new ArrayList<>(stores.bucket(bucketPolicy()));
    if (isOfMesh()) {
      resources.add(stores.table());
    }
    ownRoles().forEach(role -> resources.add(role.resource()));
    notices.ifPresent(received -> resources.addAll(received.resources()));
    return resources;
  }

  private String bucketPolicy() {
    return policies.bucket(account, readers.toArray(TableReaders[]::new));
  }

  /** Returns the roles in the account, without the deployer. */
  private List<AccountRole> ownRoles() {
    List<AccountRole> all = new ArrayList<>();
    if (isOfMesh() && !roles.containsKey(OPERATOR)) {
      all.add(role(OPERATOR, new DeclaredRole(List.of(AwsRoleKind.reader()), List.of())));
    }
    roles.forEach((name, declared) -> all.add(role(name, declared)));
    mirror().ifPresent(all::add);
    notices.flatMap(received -> received.changes().role()).ifPresent(all::add);
    if (isOfMesh() && config.usesLakeFormation()) {
      all.add(
          new AccountRole(
              Principal.of(account, MirrorSettings.REGISTRATION),
              policies.registrationTrust(),
              Map.of("files", policies.registration()),
              List.of()));
    }
    return all;
  }

  private AccountRole role(String name, DeclaredRole declared) {
    Principal principal = Principal.of(account, name);
    AwsRoleKind[] kinds = declared.kinds().toArray(AwsRoleKind[]::new);
    Map<String, String> own = new TreeMap<>();
    if (declared.usesRegistry()) {
      if (isOfMesh()) {
        own.put("registry", policies.registry(kinds));
      } else {
        own.put("caller", policies.caller(principal));
      }
    }
    if (!new PlacePolicies(config).ofRole(account, declared.kinds()).isEmpty()) {
      own.put("files", policies.files(account, kinds));
    }
    if (notices.isPresent() && !notices.get().ofRole(declared.kinds()).isEmpty()) {
      own.put("notices", policies.notices(account, kinds));
    }
    List<PolicyStatement> ofSources = new SourcePolicies(config).ofRole(declared.sources());
    ofSources.addAll(new SourcePolicies(config).ofExports(declared.exports()));
    if (!ofSources.isEmpty()) {
      own.put("sources", PolicyDocument.IDENTITY.text(ofSources));
    }
    if (config.usesCloudWatch()
        && !new MetricsPolicies(config, account).ofRole(declared.kinds()).isEmpty()) {
      own.put("metrics", policies.metrics(account, kinds));
    }
    if (name.equals(OPERATOR)) {
      notices
          .flatMap(received -> received.changes().ofOperator())
          .ifPresent(policy -> own.put("changes", policy));
    }
    List<String> trusted = declared.trusted().isEmpty() ? List.of(account) : declared.trusted();
    return new AccountRole(
        principal, new TrustPolicies(config).ofProcesses(trusted), own, List.of());
  }

  /** Returns the role of the mirrors, if they act in the account. */
  private Optional<AccountRole> mirror() {
    Map<String, String> own = new TreeMap<>();
    if (isOfMesh()) {
      own.put("registry", policies.registry(AwsRoleKind.mirror()));
      own.put("mirror", policies.mirror());
    } else if (config.usesLakeFormation()) {
      own.put("recipient", policies.recipientMirror());
    }
    if (!config.openData().domains().isEmpty()) {
      own.put("open-data", policies.openDataMirror(account));
    }
    Principal operator = Principal.of(config.account(), OPERATOR);
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AccountRole(
                Principal.of(account, MIRROR),
                new TrustPolicies(config).ofActing(operator),
                own,
                isOfMesh() ? List.of(operator) : List.of()));
  }

  /** Returns what the account adds to the account of the mesh. */
  private List<AccountResource> registryRoles() {
    List<AccountResource> resources = new ArrayList<>();
    registryRolesOfCallers().forEach(role -> resources.add(role.resource()));
    mirrorOfAccount()
        .ifPresent(
            policy ->
                resources.add(
                    AccountRole.policy(
                        Principal.of(config.account(), OPERATOR),
                        nameOfMirrorPolicy(),
                        PolicyDocument.parsed(policy))));
    return resources;
  }

  private List<AccountRole> registryRolesOfCallers() {
    if (isOfMesh()) {
      return List.of();
    }
    return roles.entrySet().stream()
        .filter(role -> role.getValue().usesRegistry())
        .map(
            role -> {
              Principal caller = Principal.of(account, role.getKey());
              AwsRoleKind[] kinds = role.getValue().kinds().toArray(AwsRoleKind[]::new);
              return new AccountRole(
                  Principal.of(config.account(), policies.registryRole(caller)),
                  policies.registryTrust(caller),
                  Map.of("registry", policies.registry(kinds)),
                  List.of());
            })
        .toList();
  }

  /** Returns the policy with which the operator acts as the mirror of the account. */
  private Optional<String> mirrorOfAccount() {
    return isOfMesh()
        ? Optional.empty()
        : mirror()
            .map(
                mirror ->
                    policies.caller(Principal.of(config.account(), OPERATOR), mirror.principal()));
  }

  private String nameOfMirrorPolicy() {
    return "mirror-" + account;
  }

  private boolean isOfMesh() {
    return account.equals(config.account());
  }

  /** The text of a template. */
  static final class StackText {
    /** What CloudFormation accepts without a bucket for templates. */
    private static final int MAX_SIZE = 51_200;

    static String of(String stack, String description, List<AccountResource> resources) {
      ObjectNode template =
          AccountResource.node()
              .put("AWSTemplateFormatVersion", "2010-09-09")
              .put("Description", description);
      ObjectNode all = template.putObject("Resources");
      for (AccountResource resource : resources) {
        if (all.has(resource.id())) {
          throw ArgumentChecks.refused(
              "roles",
              "have two names that differ in hyphens and case only, " + resource.id(),
              "Use other names.");
        }
        all.set(resource.id(), resource.json());
      }
      String text = PolicyDocument.written(template) + "\n";
      String fitting = text.length() <= MAX_SIZE ? text : template.toString();
      if (fitting.length() > MAX_SIZE) {
        throw PolicyDocument.tooLarge(
            "the template of the stack " + stack,
            fitting.length(),
            MAX_SIZE,
            PolicyDocument.DIVIDE);
      }
      return fitting;
    }
  }
}
