package io.meshwork.cli.internal.code;

import io.meshwork.cli.internal.shell.OptionTexts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a file says of a domain.
 *
 * @param name the domain
 * @param owner its owner's contact; empty if the file does not say
 * @param steward its steward's contact
 * @param description its description
 * @param tags its tags, each with its values
 * @param products its products, by their name in the domain
 * @param grants its grants by name
 * @param links the links in its catalog
 */
record DomainCode(
    String name,
    Optional<String> owner,
    Optional<String> steward,
    Optional<String> description,
    Map<String, List<String>> tags,
    Map<String, ProductCode> products,
    List<GrantCode> grants,
    List<LinkCode> links) {
  /**
   * A product.
   *
   * @param contract the file of its contract
   * @param odps the file of its ODPS document
   * @param owner its owner's contact, if it is not the domain's
   * @param tags its tags
   * @param open true if everyone may read it
   * @param others the columns that grants name, and only other major versions have
   */
  record ProductCode(
      Path contract,
      Optional<Path> odps,
      Optional<String> owner,
      Map<String, String> tags,
      boolean open,
      List<String> others) {}

  /**
   * A grant to one grantee.
   *
   * @param on the full name of a product, or the domain
   * @param to {@code account/role}, an account, or {@code mesh}
   * @param columns the columns; empty for all
   * @param except the columns that are left out
   * @param rows the filter; empty for all rows
   * @param until its end
   * @param because its reason
   */
  record GrantCode(
      String on,
      String to,
      List<String> columns,
      List<String> except,
      Optional<String> rows,
      Optional<Instant> until,
      String because) {
    /**
     * Returns what two grants have in common if one replaces the other. Columns have the same name
     * in any case.
     */
    String identity() {
      return recipient() + rows.map(filter -> " where " + filter).orElse("");
    }

    /** Returns the identity, except for the filter of rows. */
    String recipient() {
      return on
          + " to "
          + to
          + (columns.isEmpty() ? "" : " (" + names(columns) + ")")
          + (except.isEmpty() ? "" : " but " + names(except));
    }

    /** Returns the same grant with another reason. */
    GrantCode because(String reason) {
      return new GrantCode(on, to, columns, except, rows, until, reason);
    }

    private static String names(List<String> columns) {
      return columns.stream()
          .map(column -> column.toLowerCase(Locale.ROOT))
          .distinct()
          .sorted()
          .collect(Collectors.joining(", "));
    }

    /** Returns the grant as people read it, with the columns as they are written. */
    @Override
    public String toString() {
      return on
          + " to "
          + to
          + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
          + (except.isEmpty() ? "" : " but " + String.join(", ", except))
          + rows.map(filter -> " where " + filter).orElse("");
    }
  }

  /**
   * A link.
   *
   * @param target the product or domain
   * @param database the database
   * @param table the table; empty for the name that the mesh derives from the product's
   * @param following true if it follows the product to each new major version
   */
  record LinkCode(String target, String database, Optional<String> table, boolean following) {
    /** Returns the name that the link gets: of a whole domain, its database. */
    String name() {
      int slash = target.indexOf('/');
      return slash < 0
          ? database
          : database + "." + table.orElse(target.substring(slash + 1).replace('-', '_'));
    }
  }

  /** Reads a file of format 1. */
  static DomainCode read(Path file) {
    CodeNode root = CodeNode.read(file);
    Map<String, CodeNode> entries =
        root.entries("format", "domain", "tags", "products", "grants", "links");
    CodeNode format = entries.get("format");
    if (format == null || !format.text().equals("1")) {
      throw (format == null ? root : format).error("'format: 1' is missing.");
    }
    CodeNode domainNode = entries.get("domain");
    if (domainNode == null) {
      throw root.error("'domain' is missing.");
    }
    Map<String, CodeNode> domain = domainNode.entries("name", "owner", "steward", "description");
    String name =
        CodeNode.text(domain, "name").orElseThrow(() -> domainNode.error("'name' is missing."));
    Map<String, List<String>> tags = new LinkedHashMap<>();
    each(entries, "tags")
        .forEach(
            (key, values) ->
                tags.merge(
                    tagText(key),
                    values.texts().stream().map(DomainCode::tagText).distinct().toList(),
                    DomainCode::joined));
    Map<String, ProductCode> products = new LinkedHashMap<>();
    each(entries, "products").forEach((key, node) -> products.put(key, product(node)));
    List<GrantCode> grants = new ArrayList<>();
    for (CodeNode node : elements(entries, "grants")) {
      grants.addAll(grants(node, name));
    }
    return new DomainCode(
        name,
        text(domain, "owner"),
        text(domain, "steward"),
        text(domain, "description"),
        tags,
        products,
        grants,
        elements(entries, "links").stream().map(DomainCode::link).toList());
  }

  /** Returns a text; a blank one says nothing. */
  private static Optional<String> text(Map<String, CodeNode> entries, String key) {
    return CodeNode.text(entries, key).filter(text -> !text.isBlank());
  }

  private static ProductCode product(CodeNode node) {
    Map<String, CodeNode> entries =
        node.entries("contract", "odps", "owner", "tags", "open", "others");
    CodeNode contract = entries.get("contract");
    if (contract == null) {
      throw node.error("'contract' is missing.");
    }
    return new ProductCode(
        contract.path(),
        Optional.ofNullable(entries.get("odps")).map(CodeNode::path),
        text(entries, "owner"),
        tags(entries),
        isSet(entries, "open"),
        CodeNode.texts(entries, "others"));
  }

  private static boolean isSet(Map<String, CodeNode> entries, String key) {
    return entries.containsKey(key) && entries.get(key).flag();
  }

  private static Map<String, String> tags(Map<String, CodeNode> entries) {
    Map<String, String> tags = new LinkedHashMap<>();
    each(entries, "tags")
        .forEach(
            (key, value) -> {
              if (tags.put(tagText(key), tagText(value.text())) != null) {
                throw value.error("the tag '" + tagText(key) + "' occurs twice.");
              }
            });
    return tags;
  }

  /** Returns a key or a value of a tag as the mesh keeps it. */
  private static String tagText(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static List<String> joined(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  private static List<GrantCode> grants(CodeNode node, String domain) {
    Map<String, CodeNode> entries =
        node.entries("on", "to", "columns", "except", "rows", "until", "because");
    String on = CodeNode.text(entries, "on").orElseThrow(() -> node.error("'on' is missing."));
    if (on.equals(domain)
        && Stream.of("columns", "except", "rows").anyMatch(entries::containsKey)) {
      throw node.error("'columns', 'except', and 'rows' are for a product, and 'on' is a domain.");
    }
    CodeNode to = entries.get("to");
    if (to == null) {
      throw node.error("'to' is missing.");
    }
    if (to.texts().contains("mesh")) {
      throw to.error("a product is open to the mesh with 'open: true', not with a grant.");
    }
    String resource = on.equals(domain) || on.contains("/") ? on : domain + "/" + on;
    return to.texts().stream()
        .map(
            grantee ->
                new GrantCode(
                    resource,
                    grantee,
                    CodeNode.texts(entries, "columns"),
                    CodeNode.texts(entries, "except"),
                    CodeNode.text(entries, "rows").map(String::strip),
                    CodeNode.text(entries, "until").map(OptionTexts::time),
                    CodeNode.text(entries, "because")
                        .orElseThrow(() -> node.error("'because' is missing."))))
        .toList();
  }

  private static LinkCode link(CodeNode node) {
    Map<String, CodeNode> entries = node.entries("to", "database", "table", "following");
    String to = CodeNode.text(entries, "to").orElseThrow(() -> node.error("'to' is missing."));
    if (!to.contains("/") && Stream.of("table", "following").anyMatch(entries::containsKey)) {
      throw node.error("'table' and 'following' are for a product, and 'to' is a domain.");
    }
    return new LinkCode(
        to,
        CodeNode.text(entries, "database").orElseThrow(() -> node.error("'database' is missing.")),
        CodeNode.text(entries, "table"),
        isSet(entries, "following"));
  }

  private static Map<String, CodeNode> each(Map<String, CodeNode> entries, String key) {
    return entries.containsKey(key) ? entries.get(key).entries() : Map.of();
  }

  private static List<CodeNode> elements(Map<String, CodeNode> entries, String key) {
    return entries.containsKey(key) ? entries.get(key).list() : List.of();
  }
}
