package io.meshwork.topology;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalogs of a mesh and who sees what, as a value: given when a mesh is opened, kept in its
 * registry, and the same for ever. The same program runs on each shape; what a shape costs is told
 * by {@code governance().topology()}. Immutable.
 */
public final class Topology {
  /** The name of the one catalog of a central mesh; no other catalog may have it. */
  public static final String CENTRAL = "mesh";

  /** No catalog may have this name: beside names of catalogs it names logs of what was read. */
  public static final String READS = "reads";

  private static final Set<String> RESERVED = Set.of(CENTRAL, READS);

  private static final Topology ONE = new Topology(Shape.CENTRAL, new TreeMap<>());
  private static final Topology EACH = new Topology(Shape.FEDERATED, new TreeMap<>());

  private final Shape shape;
  private final SortedMap<String, SortedSet<String>> lines;

  private Topology(Shape shape, SortedMap<String, SortedSet<String>> lines) {
    this.shape = shape;
    this.lines = lines;
  }

  /** The three shapes. */
  public enum Shape {
    /** One catalog for all. */
    CENTRAL,
    /** A catalog a line of business. */
    LINES,
    /** A catalog a domain. */
    FEDERATED
  }

  /** One catalog for all, where each domain sees all products. The default. */
  public static Topology central() {
    return ONE;
  }

  /**
   * A catalog a line of business, each with its domains. Domains of one line see each other's
   * products; across lines they are read through a link.
   *
   * @param domainsByLine names of lines and of their domains, which need not be registered yet; no
   *     other domain can be registered
   * @throws InvalidRequestException if there is no line, a line has no domain, a name breaks the
   *     grammar of names, a line is named {@code mesh} or {@code reads}, or two lines or domains
   *     have the same storage name
   */
  public static Topology byLineOfBusiness(
      @Nullable Map<String, ? extends Set<String>> domainsByLine) {
    if (domainsByLine == null || domainsByLine.isEmpty()) {
      throw refused("no line is named", "Name one or more, each with its domains.");
    }
    SortedMap<String, SortedSet<String>> lines = new TreeMap<>();
    Map<String, String> lineOf = new TreeMap<>();
    domainsByLine.forEach(
        (line, domains) -> {
          String catalog = Names.storage(Names.check("line", line));
          if (RESERVED.contains(catalog)) {
            throw refused(
                "a line is named '" + line + "', which no catalog may be", "Choose another name.");
          }
          if (domains == null || domains.isEmpty()) {
            throw refused("line '" + line + "' has no domain", "Name its domains.");
          }
          if (lines.put(catalog, new TreeSet<>(domains)) != null) {
            throw refused(
                "two lines have the storage name '" + catalog + "'",
                "Give each a name of its own.");
          }
          for (String domain : domains) {
            String other = lineOf.put(Names.storage(Names.check("domain", domain)), line);
            if (other != null) {
              throw refused(
                  "domain '" + domain + "' is named twice, by '" + other + "' and '" + line + "'",
                  "A domain has one home; name it once.");
            }
          }
        });
    return new Topology(Shape.LINES, lines);
  }

  /** A catalog a domain; each sees its own products, and those of others through links. */
  public static Topology federated() {
    return EACH;
  }

  /** Which of the three shapes it is. */
  public Shape shape() {
    return shape;
  }

  /** The domains of each line, by the line's storage name; empty in the other shapes. */
  public SortedMap<String, SortedSet<String>> lines() {
    SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
    lines.forEach((line, domains) -> copy.put(line, new TreeSet<>(domains)));
    return copy;
  }

  /**
   * The catalogs that the value names, in the order of their names. In a federated mesh catalogs
   * come with domains, so the value names none; {@code governance().topology()} tells those that
   * there are.
   */
  public List<String> catalogs() {
    return switch (shape) {
      case CENTRAL -> List.of(CENTRAL);
      case LINES -> List.copyOf(lines.keySet());
      case FEDERATED -> List.of();
    };
  }

  /** The home of a domain; empty if no domain of this name can be in the mesh. */
  public Optional<String> findCatalog(String domain) {
    String storage = Names.storage(domain);
    return switch (shape) {
      case CENTRAL -> Optional.of(CENTRAL);
      case LINES ->
          lines.entrySet().stream()
              .filter(
                  line -> line.getValue().stream().map(Names::storage).anyMatch(storage::equals))
              .map(Map.Entry::getKey)
              .findFirst();
      case FEDERATED ->
          Names.isLegal(storage) && !RESERVED.contains(storage)
              ? Optional.of(storage)
              : Optional.empty();
    };
  }

  /**
   * The home of a domain, whether it is registered yet or not.
   *
   * @throws InvalidRequestException if no domain of this name can be in the mesh, saying which can
   */
  public String catalogOf(String domain) {
    return findCatalog(Names.check("domain", domain))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.CONFIG_INVALID,
                    "There is no place for domain '"
                        + domain
                        + "' in this mesh: "
                        + (shape == Shape.LINES
                            ? "it is divided by line of business, and no line names the domain ("
                                + named()
                                + "). Nothing was done. Use a domain that a line names; the lines"
                                + " of a mesh are settled when it is made."
                            : "a catalog of a federated mesh cannot be named '"
                                + Names.storage(domain)
                                + "'. Nothing was done. Choose another name.")));
  }

  /**
   * Whether a domain reads another's products, where it has the right to, without a link.
   *
   * @param domain the one that reads
   * @param otherDomain the one whose product it is
   */
  public boolean sees(String domain, String otherDomain) {
    if (shape == Shape.CENTRAL || Names.storage(domain).equals(Names.storage(otherDomain))) {
      return true;
    }
    Optional<String> home = findCatalog(domain);
    return home.isPresent() && home.equals(findCatalog(otherDomain));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Topology that && shape == that.shape && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + lines.hashCode();
  }

  /** The shape in one line, such as {@code by line of business: banking [finance, risk]}. */
  @Override
  public String toString() {
    return switch (shape) {
      case CENTRAL -> "central: one catalog for all domains";
      case LINES -> "by line of business: " + named();
      case FEDERATED -> "federated: a catalog for each domain";
    };
  }

  private String named() {
    List<String> texts = new ArrayList<>();
    lines.forEach((line, domains) -> texts.add(line + " " + domains));
    return texts.stream().collect(Collectors.joining(", "));
  }

  private static InvalidRequestException refused(String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot divide a mesh by line of business: " + why + ". " + mend);
  }
}
