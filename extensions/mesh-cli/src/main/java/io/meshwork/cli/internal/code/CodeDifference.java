package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.AmendContract;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.cli.internal.code.CodeStep.Sign;
import io.meshwork.cli.internal.code.DomainCode.ProductCode;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.shell.SafeText;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.discovery.DomainCard;
import io.meshwork.error.Finding;
import io.meshwork.error.NotFoundException;
import io.meshwork.odcs.OdpsDocument;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The differences between a file that describes a domain and the mesh. Changes nothing. */
final class CodeDifference {
  private static final Pattern NANOSECONDS = Pattern.compile("\"logicalType\":\"[a-z-]+-nanos\"");

  private final MeshClient client;
  private final DomainCode code;
  private final List<CodeStep> steps = new ArrayList<>();
  private Map<String, List<String>> definedTags = Map.of();

  private CodeDifference(MeshClient client, DomainCode code) {
    this.client = client;
    this.code = code;
  }

  /** Returns the steps that make the mesh as the file says, in their order. */
  static List<CodeStep> of(MeshClient client, DomainCode code) {
    CallerDomain.require(client, code.name());
    CodeDifference difference = new CodeDifference(client, code);
    Optional<DomainCard> domain = difference.compareDomain();
    if (domain.isPresent()) {
      difference.compareTags();
    } else {
      code.tags().forEach(difference::defineTag);
    }
    code.products().forEach(difference::compareProduct);
    domain.ifPresent(difference::findUnmanagedProducts);
    difference.steps.addAll(SharingDifference.of(client, code, domain.isPresent()));
    return List.copyOf(difference.steps);
  }

  /**
   * Returns what the contracts of the file demand and the mesh does not check, the grants that are
   * not made as they are written, and the tags that the mesh defines and the file does not. A
   * definition stays, so it does not count as difference.
   *
   * @param strict whether a contract with something that is not checked is refused
   */
  static List<String> notes(MeshClient client, DomainCode code, boolean strict) {
    List<String> notes = new ArrayList<>();
    code.products().values().forEach(product -> notes.addAll(contract(product, strict).notes()));
    notes.addAll(OtherColumns.missing(client, code).notes(code.grants()));
    definedTags(client, code.name()).stream()
        .filter(key -> !code.tags().containsKey(key))
        .map(key -> "Tag " + key + " is not in the file. The definition of a tag stays.")
        .forEach(notes::add);
    return notes;
  }

  private static Set<String> definedTags(MeshClient client, String domain) {
    try {
      return client.governance().tags(domain).keySet();
    } catch (NotFoundException e) {
      return Set.of(); // the first step registers the domain
    }
  }

  /** Returns the fingerprint of steps: equal if the same would happen to the same state. */
  static String fingerprint(List<CodeStep> steps) {
    String text =
        steps.stream().map(step -> step + "\n" + step.state() + "\n").collect(Collectors.joining());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private Optional<DomainCard> compareDomain() {
    Optional<DomainCard> card = findDomain();
    if (card.isEmpty()) {
      steps.add(CodeStep.of(Sign.ADD, "domain " + code.name(), "", () -> register().commit()));
      return card;
    }
    List<String> changes = new ArrayList<>();
    change(changes, "owner", code.owner(), card.get().owner());
    change(changes, "steward", code.steward(), card.get().steward());
    change(changes, "description", code.description(), card.get().description());
    if (!changes.isEmpty()) {
      String text = "domain " + code.name() + ": " + String.join(", ", changes);
      steps.add(CodeStep.of(Sign.CHANGE, text, "", () -> register().commit()));
    }
    return card;
  }

  private Optional<DomainCard> findDomain() {
    try {
      return Optional.of(client.describeDomain(code.name()));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static void change(
      List<String> changes, String what, Optional<String> specified, String actual) {
    specified
        .filter(text -> !text.equals(actual))
        .ifPresent(text -> changes.add(what + " " + text));
  }

  private RegisterDomain register() {
    RegisterDomain register = client.registerDomain(code.name());
    code.owner().ifPresent(register::owner);
    code.steward().ifPresent(register::steward);
    code.description().ifPresent(register::description);
    return register;
  }

  private void compareTags() {
    definedTags = client.governance().tags(code.name());
    code.tags()
        .forEach(
            (key, values) -> {
              if (!definedTags.getOrDefault(key, List.of()).containsAll(values)) {
                defineTag(key, values);
              }
            });
  }

  private void defineTag(String key, List<String> values) {
    String text = "tag " + key + " with the values " + String.join(", ", values);
    steps.add(
        CodeStep.of(
            Sign.ADD,
            text,
            "",
            () -> client.governance().defineTag(key, values.toArray(new String[0])).commit()));
  }

  private static CodeStep unmanaged(String text) {
    return new CodeStep(Sign.UNMANAGED, text, "", Optional.empty(), List.of());
  }

  private void compareProduct(String name, ProductCode product) {
    ProductName full = ProductName.of(code.name() + "/" + name);
    ContractFile contract = contract(product, false);
    Optional<ProductCard> card = find(full);
    if (card.isEmpty()) {
      String text = "product " + full;
      String state = contract.contract().fingerprint();
      steps.add(CodeStep.of(Sign.ADD, text, state, () -> define(full, product, contract).commit()));
    } else {
      compareContract(full, contract.amending(card.get().contract()));
      compareOpenness(card.get(), product);
    }
    compareTags(full, product, card);
  }

  private Optional<ProductCard> find(ProductName product) {
    try {
      return Optional.of(client.describe(product));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  static ContractFile contract(ProductCode product, boolean strict) {
    ContractFile contract =
        ContractFile.read(
            product.contract().toString(), null, InputStream.nullInputStream(), strict);
    return product
        .odps()
        .map(
            odps ->
                contract.describedBy(
                    strict ? OdpsDocument.readStrictly(odps) : OdpsDocument.read(odps),
                    SafeText.of(String.valueOf(odps.getFileName()))))
        .orElse(contract);
  }

  /** A table has nanoseconds only in format 3, so a contract with them states the format, too. */
  private DefineProduct define(ProductName name, Contract contract) {
    DefineProduct define = client.defineProduct(name).contract(contract);
    return NANOSECONDS.matcher(contract.schema().toString()).find()
        ? define.tableFormat(3)
        : define;
  }

  private DefineProduct define(ProductName name, ProductCode product, ContractFile contract) {
    DefineProduct define = define(name, contract.contract());
    if (!contract.partitions().isEmpty()) {
      define.partitionBy(contract.partitions().toArray(new Partition[0]));
    }
    product
        .owner()
        .or(() -> product.odps().flatMap(odps -> OdpsDocument.read(odps).owner()))
        .ifPresent(define::owner);
    if (product.open()) {
      define.openToMesh();
    }
    return define;
  }

  private void compareContract(ProductName product, ContractFile contract) {
    AmendContract amend = client.amendContract(product, contract.contract());
    ContractPlan plan = amend.plan();
    if (plan.isEmpty()) {
      return;
    }
    String changes =
        plan.difference().stream()
            .flatMap(difference -> difference.changes().stream())
            .map(change -> TerminalText.of(change.what()))
            .collect(Collectors.joining(" "));
    String text = "contract of " + product;
    if (plan.isAllowed()) {
      steps.add(
          CodeStep.of(
              Sign.CHANGE,
              text + ", version " + plan.version() + ": " + changes,
              plan.fingerprint(),
              () -> client.amendContract(product, contract.contract()).commit()));
    } else {
      String why =
          Finding.errors(plan.findings()).stream()
              .map(finding -> TerminalText.of(finding.what()))
              .collect(Collectors.joining(" "));
      String broken =
          plan.breaks().stream().map(ProductConsumer::name).collect(Collectors.joining(", "));
      steps.add(
          new CodeStep(
              Sign.REFUSED,
              text
                  + ": "
                  + changes
                  + " Rejected, so roll it out: "
                  + why
                  + (broken.isEmpty() ? "" : " It breaks " + broken + "."),
              plan.fingerprint(),
              Optional.empty(),
              Finding.errors(plan.findings())));
    }
  }

  private void compareOpenness(ProductCard card, ProductCode product) {
    if (card.isOpenToMesh() && !product.open()) {
      steps.add(
          CodeStep.of(
              Sign.UNMANAGED,
              card.name() + " is open to the mesh",
              "",
              () -> client.access().closeToMesh(card.name()).commit()));
    } else if (!card.isOpenToMesh() && product.open()) {
      steps.add(
          CodeStep.of(
              Sign.ADD,
              card.name() + " is open to the mesh",
              "",
              () -> open(card.name()).commit()));
    }
  }

  /** Returns the definition of a product as it is, which opens it. */
  private DefineProduct open(ProductName product) {
    return define(product, client.describe(product).contract()).openToMesh();
  }

  private void compareTags(
      ProductName product, ProductCode specified, Optional<ProductCard> existing) {
    Map<String, String> effective = existing.map(ProductCard::tags).orElse(Map.of());
    Map<String, String> actual = existing.isPresent() ? ProductTags.own(client, product) : Map.of();
    specified
        .tags()
        .forEach(
            (key, value) -> {
              if (!value.equals(effective.get(key))) {
                boolean canPlan = existing.isPresent() && !isDefinedByTheFileOnly(key, value);
                steps.add(
                    CodeStep.of(
                        actual.containsKey(key) ? Sign.CHANGE : Sign.ADD,
                        "tag " + key + "=" + value + " on " + product,
                        canPlan ? state(client.access().tag(product).set(key, value).plan()) : "",
                        () -> client.access().tag(product).set(key, value).commit()));
              }
            });
    for (String key : new TreeSet<>(actual.keySet())) {
      if (!specified.tags().containsKey(key)) {
        steps.add(
            CodeStep.of(
                Sign.UNMANAGED,
                "tag " + key + "=" + actual.get(key) + " on " + product,
                "",
                () -> client.access().tag(product).remove(key).commit()));
      }
    }
  }

  /** True if an earlier step defines the value, so that its use cannot be planned before. */
  private boolean isDefinedByTheFileOnly(String key, String value) {
    return code.tags().getOrDefault(key, List.of()).contains(value)
        && !definedTags.getOrDefault(key, List.of()).contains(value);
  }

  private static String state(Plan<?> plan) {
    return plan.fingerprint();
  }

  private void findUnmanagedProducts(DomainCard domain) {
    Set<String> named = code.products().keySet();
    domain.products().stream()
        .map(health -> health.product())
        .filter(product -> !named.contains(product.product()))
        .forEach(product -> steps.add(unmanaged("product " + product)));
  }
}
