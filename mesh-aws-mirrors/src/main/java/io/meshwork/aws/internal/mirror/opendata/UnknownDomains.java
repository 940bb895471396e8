package io.meshwork.aws.internal.mirror.opendata;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.mirror.MirroredCatalog;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The domains that a configuration opens and the mesh does not have, such as misspelled ones. A
 * configuration is created before its mesh is known. Stateless.
 */
final class UnknownDomains {
  private static final int MOST_NAMES = 20;

  private UnknownDomains() {}

  /**
   * Returns a finding for each name that the mesh does not have. A name whose home is another
   * catalog is left to that catalog; one without a home has the same finding in each.
   *
   * @param names names that this catalog does not have
   */
  static List<Finding> of(MirroredCatalog mirrored, Set<String> names) {
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      if (isMissing(mirrored, name)) {
        missing.add(name);
      }
    }
    if (missing.isEmpty()) {
      return List.of();
    }
    Catalog catalog = mirrored.session().catalog();
    String domains = domains(catalog);
    return missing.stream().map(name -> finding(catalog, name, domains)).toList();
  }

  private static boolean isMissing(MirroredCatalog mirrored, String name) {
    Catalog catalog = mirrored.session().catalog();
    String home = catalog.topology().findCatalog(name).orElse("");
    if (home.equals(mirrored.name())) {
      return true;
    }
    try {
      return !catalog.catalogs().contains(home);
    } catch (BackendException e) {
      return false; // Not known: the catalogs of the mesh cannot be listed.
    }
  }

  private static String domains(Catalog catalog) {
    List<String> names =
        catalog.availableDomains().stream().map(entry -> entry.domain().name()).sorted().toList();
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    if (names.isEmpty()) {
      return "It has no domain.";
    }
    return names.size() > MOST_NAMES
        ? "It has " + names.size() + " domains, such as " + first + "."
        : "Its domains are " + first + ".";
  }

  private static Finding finding(Catalog catalog, String name, String domains) {
    return Finding.error(
        FindingCode.OPEN_DOMAIN_UNKNOWN,
        "openData " + name,
        "AwsConfig.openData names the domain '"
            + name
            + "', which the mesh does not have. "
            + domains
            + " Nothing is opened for it.",
        catalog.nearestDomain(name).map(near -> "Did you mean '" + near + "'? ").orElse("")
            + "Correct the name in openData(..), or register the domain, and run the mirrors"
            + " again.");
  }
}
