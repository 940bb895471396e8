package io.meshwork.internal.explain;

import io.meshwork.access.ExplainedAccess;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Explains access to several major versions of a product in one explanation. */
final class ExplainedVersions {
  private ExplainedVersions() {}

  /** The explanation of access to one version. */
  record OfVersion(VersionEntry version, ExplainedAccess access) {
    private boolean isInUse() {
      return version.state().allows(Use.READ);
    }

    private String prefix() {
      return "major version "
          + version.major()
          + (isInUse() ? ": " : " (" + version.state().name() + "): ");
    }
  }

  /**
   * Returns the explanation of a single version; of several, what is readable in any that is in
   * use. Lines that do not apply to all of them start with the version.
   *
   * @param versions at least one
   * @param mirrorDifferences where a service outside the mesh decides otherwise
   */
  static ExplainedAccess together(List<OfVersion> versions, List<String> mirrorDifferences) {
    ExplainedAccess first = versions.get(0).access();
    if (versions.size() == 1 && mirrorDifferences.isEmpty()) {
      return first;
    }
    List<OfVersion> inUse = versions.stream().filter(OfVersion::isInUse).toList();
    List<String> columns = union(inUse, ExplainedAccess::columns);
    List<String> hidden = new ArrayList<>(union(inUse, ExplainedAccess::hiddenColumns));
    hidden.removeAll(columns);
    return new AccessExplanation(
        first.who(),
        first.product(),
        inUse.stream().anyMatch(each -> each.access().isAllowed()),
        columns,
        hidden,
        inUse.stream()
            .filter(each -> each.access().isAllowed())
            .allMatch(each -> each.access().everyCell()),
        lines(versions, ExplainedAccess::rowFilters),
        lines(versions, ExplainedAccess::because),
        lines(versions, ExplainedAccess::missing),
        lines(versions, ExplainedAccess::shortestChange),
        union(versions, ExplainedAccess::whoCanGrant),
        mirrorDifferences);
  }

  private static List<String> union(
      List<OfVersion> versions, Function<ExplainedAccess, List<String>> part) {
    Set<String> all = new LinkedHashSet<>();
    versions.forEach(each -> all.addAll(part.apply(each.access())));
    return List.copyOf(all);
  }

  private static List<String> lines(
      List<OfVersion> versions, Function<ExplainedAccess, List<String>> part) {
    Set<String> lines = new LinkedHashSet<>();
    for (OfVersion each : versions) {
      for (String line : part.apply(each.access())) {
        boolean common =
            versions.stream().allMatch(other -> part.apply(other.access()).contains(line));
        lines.add(common ? line : each.prefix() + line);
      }
    }
    return List.copyOf(lines);
  }
}
