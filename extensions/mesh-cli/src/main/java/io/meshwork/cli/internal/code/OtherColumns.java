package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.code.DomainCode.GrantCode;
import io.meshwork.cli.internal.code.DomainCode.ProductCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/**
 * The columns that grants name, and the contract of a file lacks: other major versions have or had
 * them. A mesh where the product has no such version gets the grants without them.
 */
final class OtherColumns {
  private static final Pattern STRING = Pattern.compile("'[^']*'");

  /** A column of a filter that no version has since the one that had it retired. */
  private static final Pattern DROPPED = Pattern.compile("\"([^\"]* \\(dropped\\))\"");

  /** The names that no major version in use has, by product. */
  private final Map<String, Set<String>> missing = new TreeMap<>();

  private OtherColumns() {}

  /** Returns the columns that grants on a product name, and its current version lacks. */
  static List<String> of(ProductCard card, List<GrantCode> grants) {
    Set<String> names = named(card, grants);
    names.removeAll(names(card.contract().schema()));
    return List.copyOf(names);
  }

  private static Set<String> named(ProductCard card, List<GrantCode> grants) {
    Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (GrantCode grant : grants) {
      if (grant.on().equals(card.name().toString())) {
        named.addAll(grant.columns());
        named.addAll(grant.except());
        liveNames(card).stream().filter(name -> isIn(name, grant.rows())).forEach(named::add);
        DROPPED
            .matcher(grant.rows().orElse(""))
            .results()
            .forEach(each -> named.add(each.group(1)));
      }
    }
    return named;
  }

  /** Finds which of those that a file states the mesh lacks. */
  static OtherColumns missing(MeshClient client, DomainCode code) {
    OtherColumns columns = new OtherColumns();
    code.products()
        .forEach(
            (name, product) -> {
              if (!product.others().isEmpty()) {
                ProductName full = ProductName.of(code.name() + "/" + name);
                columns.missing.put(full.toString(), missing(client, full, product));
              }
            });
    return columns;
  }

  private static Set<String> missing(MeshClient client, ProductName name, ProductCode product) {
    Set<String> missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    missing.addAll(product.others());
    missing.removeAll(names(CodeDifference.contract(product, false).contract().schema()));
    try {
      ProductCard card = client.describe(name);
      missing.removeAll(liveNames(card));
      missing.removeAll(named(card, SharingDifference.codes(client)));
    } catch (NotFoundException e) {
      return missing; // a step defines the product, with the version of the file
    }
    return missing;
  }

  /**
   * Returns the grant without the names that the mesh lacks; empty if it would grant nothing,
   * because it is on such columns only, or its filter names one.
   */
  Optional<GrantCode> available(GrantCode grant) {
    List<String> names = in(grant);
    if (names.isEmpty()) {
      return Optional.of(grant);
    }
    List<String> columns = without(names, grant.columns());
    boolean grantsNothing = columns.isEmpty() && !grant.columns().isEmpty();
    return grantsNothing || names.stream().anyMatch(name -> isIn(name, grant.rows()))
        ? Optional.empty()
        : Optional.of(
            new GrantCode(
                grant.on(),
                grant.to(),
                columns,
                without(names, grant.except()),
                grant.rows(),
                grant.until(),
                grant.because()));
  }

  /** Returns a sentence for each grant that is not made, or not as it is written. */
  List<String> notes(List<GrantCode> grants) {
    List<String> notes = new ArrayList<>();
    for (GrantCode grant : grants) {
      List<String> names = in(grant);
      if (!names.isEmpty()) {
        notes.add(
            "The grant on "
                + grant
                + " is "
                + (available(grant).isPresent() ? "without " : "left out: it needs ")
                + String.join(", ", names)
                + ", which no major version has here.");
      }
    }
    return notes;
  }

  /** Returns the names of a grant that the mesh lacks. */
  private List<String> in(GrantCode grant) {
    return missing.getOrDefault(grant.on(), Set.of()).stream()
        .filter(
            name ->
                grant.columns().stream().anyMatch(name::equalsIgnoreCase)
                    || grant.except().stream().anyMatch(name::equalsIgnoreCase)
                    || isIn(name, grant.rows()))
        .toList();
  }

  private static boolean isIn(String name, Optional<String> rows) {
    Pattern word =
        Pattern.compile("(?iu)(?<![\\w.])" + Pattern.quote(name) + "(?!\\w)", Pattern.DOTALL);
    return rows.filter(filter -> word.matcher(STRING.matcher(filter).replaceAll("''")).find())
        .isPresent();
  }

  private static List<String> without(List<String> names, List<String> columns) {
    return columns.stream()
        .filter(column -> names.stream().noneMatch(column::equalsIgnoreCase))
        .toList();
  }

  private static Set<String> liveNames(ProductCard card) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    card.versions().stream()
        .filter(version -> !version.state().isRetired())
        .forEach(version -> names.addAll(names(version.contract().schema())));
    return names;
  }

  /** Returns the names of columns and, with dots, of the fields in structs. */
  private static Set<String> names(Schema schema) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    addNames("", schema, names);
    return names;
  }

  private static void addNames(String prefix, Schema schema, Set<String> names) {
    if (schema.getType() == Schema.Type.UNION) {
      schema.getTypes().forEach(type -> addNames(prefix, type, names));
    } else if (schema.getType() == Schema.Type.RECORD) {
      for (Schema.Field field : schema.getFields()) {
        names.add(prefix + field.name());
        addNames(prefix + field.name() + ".", field.schema(), names);
      }
    }
  }
}
