package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ProductObjects;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.mirror.Mirror.WantedObjects;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done in one mirror, at one time. Immutable.
 *
 * @param mirror the mirror
 * @param catalog the catalog that it shows
 * @param failed true if it is not known what the service has, because it did not answer or the
 *     registry could not be read: then nothing is done
 * @param denial why the service cannot be reached; null if it can. Then the steps are what the
 *     records of the mesh let expect, to be done by hand
 * @param changes what is to be created or changed, in order, each after the removal of what the
 *     service refuses next to it, or would let it give more
 * @param removals all other removals, in order
 * @param findings what does not change, and why
 * @param foreign the keys of wanted objects that others created, or that are in such
 * @param left the objects that others created or changed, and that stay
 */
record MirrorInspection(
    Mirror mirror,
    MirroredCatalog catalog,
    boolean failed,
    @Nullable MeshException denial,
    List<ObjectStep> changes,
    List<ObjectStep> removals,
    List<Finding> findings,
    Set<String> foreign,
    List<ObjectStep> left) {
  /** How long a mirror may show an earlier state before that is a finding. */
  static final Duration MAX_LAG = Duration.ofHours(1);

  MirrorInspection {
    changes = List.copyOf(changes);
    removals = List.copyOf(removals);
    findings = List.copyOf(findings);
    foreign = Set.copyOf(foreign);
    left = List.copyOf(left);
  }

  /**
   * Compares the mirror of a catalog with its registry.
   *
   * @param earlier what earlier mirrors of the catalog are about to make
   * @param denial why the service cannot be reached; null if it was not tried
   * @param mode what is done to objects of others
   * @throws MeshException if the registry cannot be read, or the service does not answer
   */
  static MirrorInspection of(
      Mirror mirror,
      MirroredCatalog catalog,
      List<MirrorInspection> earlier,
      @Nullable MeshException denial,
      MirrorMode mode) {
    return new Inspector(mirror, catalog, earlier, denial, mode).inspect();
  }

  /** Returns what is known of a mirror that could not be compared. */
  static MirrorInspection failed(Mirror mirror, MirroredCatalog catalog, MeshException failure) {
    Finding finding = MirrorFindings.of(mirror, catalog).failed("", failure);
    return new MirrorInspection(
        mirror, catalog, true, null, List.of(), List.of(), List.of(finding), Set.of(), List.of());
  }

  /**
   * Returns the findings of a diagnosis: also what is missing, superfluous, or overdue at a time,
   * and what readers do not get.
   *
   * @param deadline when to stop trying readers
   */
  List<Finding> diagnosis(Instant now, Deadline deadline) {
    List<Finding> all = new ArrayList<>(findings);
    for (ObjectStep step : steps()) {
      if (denial == null && step.verdict() == Verdict.MAKE && wasApplied(step)) {
        all.add(mirrorFindings().missing(step.key()));
      } else {
        overdueSince(step, now)
            .map(since -> mirrorFindings().overdue(step.key(), since))
            .or(() -> superfluous(step))
            .ifPresent(all::add);
      }
    }
    if (!failed
        && denial == null
        && steps().stream().noneMatch(step -> step.verdict().callsService())) {
      all.addAll(mirror.probe(deadline));
    }
    return List.copyOf(all);
  }

  /** When an object became superfluous is not known: its documents may be gone. */
  private Optional<Finding> superfluous(ObjectStep step) {
    return denial == null && step.verdict() == Verdict.REMOVE
        ? Optional.of(mirrorFindings().superfluous(step.key()))
        : Optional.empty();
  }

  private static boolean isByOthers(Verdict verdict) {
    return verdict == Verdict.CHANGED_BY_OTHERS
        || verdict == Verdict.RESTORE
        || verdict == Verdict.TAKE_OVER;
  }

  private static boolean wasApplied(ObjectStep step) {
    return step.mirrorRecord().flatMap(MirrorRecord::applied).isPresent();
  }

  /** Returns since when a change is overdue; empty if it is not. */
  private static Optional<Instant> overdueSince(ObjectStep step, Instant now) {
    if (!step.verdict().callsService() || isByOthers(step.verdict())) {
      return Optional.empty();
    }
    Optional<Instant> end =
        step.mirrorRecord().flatMap(MirrorRecord::applied).flatMap(RecordedState::nextDue);
    return end.filter(due -> !due.isAfter(now))
        .or(
            () ->
                step.wanted()
                    .flatMap(Image::since)
                    .filter(since -> since.isBefore(now.minus(MAX_LAG))));
  }

  /** Returns the contents of objects that others created or changed, and that stay, by key. */
  Map<String, String> observed() {
    Map<String, String> contents = new HashMap<>();
    left.forEach(
        step -> step.actual().ifPresent(object -> contents.put(step.key(), object.content())));
    return contents;
  }

  /** Returns all that is due, in order. */
  List<ObjectStep> steps() {
    return Stream.concat(changes.stream(), removals.stream()).toList();
  }

  /** Returns the steps of a plan: without the service, steps to do by hand. */
  Stream<Plan.Step> planned() {
    return steps().stream()
        .filter(step -> denial == null || step.verdict().callsService())
        .map(
            step ->
                denial == null
                    ? MirrorSteps.of(mirrorFindings(), mirror, step)
                    : MirrorSteps.byHand(mirrorFindings(), mirror, step, denial));
  }

  /** Returns the state that the steps depend on. */
  Stream<String> basis() {
    return steps().stream()
        .map(
            step ->
                String.join(
                    "\t",
                    step.verdict().name(),
                    mirrorFindings().subject(step.key()),
                    step.wanted().map(Image::content).orElse(""),
                    step.wanted().map(Image::basis).orElse(""),
                    step.actual().map(ServiceObject::content).orElse(""),
                    step.version()));
  }

  /** Returns the same without changes of some objects. */
  MirrorInspection withoutChanges(Predicate<ObjectStep> excluded) {
    return with(changes.stream().filter(excluded.negate()).toList(), removals);
  }

  /** Returns the same without changes and removals of some objects. */
  MirrorInspection without(Predicate<ObjectStep> excluded) {
    return with(
        changes.stream().filter(excluded.negate()).toList(),
        removals.stream().filter(excluded.negate()).toList());
  }

  private MirrorInspection with(List<ObjectStep> otherChanges, List<ObjectStep> otherRemovals) {
    return new MirrorInspection(
        mirror, catalog, failed, denial, otherChanges, otherRemovals, findings, foreign, left);
  }

  /**
   * Returns the same without changes of what is about objects that others created, and of what it
   * contains.
   *
   * @param others the keys of these objects, by the name of their mirror
   */
  MirrorInspection withoutForeign(Map<String, Set<String>> others) {
    Set<String> about = new HashSet<>();
    for (ObjectStep step : changes) {
      step.wanted()
          .filter(
              image ->
                  image.container().filter(about::contains).isPresent() || isAbout(image, others))
          .ifPresent(image -> about.add(image.key()));
    }
    return about.isEmpty() ? this : withoutChanges(step -> about.contains(step.key()));
  }

  private boolean isAbout(Image image, Map<String, Set<String>> others) {
    return others.entrySet().stream()
        .anyMatch(
            ofMirror ->
                mirror
                    .subject(ofMirror.getKey(), image)
                    .filter(ofMirror.getValue()::contains)
                    .isPresent());
  }

  /** Returns true if a change of the product is left to a run of all mirrors. */
  boolean waits() {
    return findings.stream().anyMatch(MirrorFindings::isWaiting);
  }

  /** Returns its findings as strings. */
  MirrorFindings mirrorFindings() {
    return MirrorFindings.of(mirror, catalog);
  }

  /** Returns true if a failure means that the service cannot be reached until something changes. */
  static boolean isDenied(MeshException failure) {
    return failure.errorCode() == ErrorCode.PERMISSION_MISSING
        || failure.errorCode() == ErrorCode.NOT_THIS_PRINCIPAL;
  }

  private static final class Inspector {
    private final Mirror mirror;
    private final MirroredCatalog catalog;
    private final List<MirrorInspection> earlier;
    private final MirrorMode mode;
    private final MirrorFindings mirrorFindings;
    private final List<ObjectStep> steps = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> foreign = new HashSet<>();
    private final List<ObjectStep> left = new ArrayList<>();
    private final Map<String, Finding> objections = new HashMap<>();

    /** How many objects stay in a container because of an objection. */
    private final Map<String, Long> occupied = new HashMap<>();

    private final Set<String> uncertainContainers = new HashSet<>();
    private @Nullable MeshException denial;
    private boolean isOfProduct;

    Inspector(
        Mirror mirror,
        MirroredCatalog catalog,
        List<MirrorInspection> earlier,
        @Nullable MeshException denial,
        MirrorMode mode) {
      this.mirror = mirror;
      this.catalog = catalog;
      this.earlier = earlier;
      this.denial = denial;
      this.mode = mode;
      this.mirrorFindings = MirrorFindings.of(mirror, catalog);
    }

    MirrorInspection inspect() {
      WantedObjects wanted = mirror.wanted();
      MirrorStore store = new MirrorStore(catalog, mirror);
      Map<String, Image> images = new HashMap<>();
      wanted.images().forEach(image -> images.put(image.key(), image));
      Optional<ProductObjects> ofProduct = mirror.ofProduct();
      isOfProduct = ofProduct.isPresent();
      Map<String, MirrorRecord> records =
          ofProduct
              .map(objects -> store.records(objects, images.keySet()))
              .orElseGet(store::records);
      Set<String> keys = new TreeSet<>(images.keySet());
      keys.addAll(records.keySet());
      Map<String, ServiceObject> actual = actual(keys);
      ofProduct.ifPresent(
          objects ->
              actual.keySet().removeIf(key -> !images.containsKey(key) && !objects.has(key)));
      keys.addAll(actual.keySet());
      Set<String> refused = refuse(wanted.refusals());
      List<ObjectStep> compared = new ArrayList<>();
      for (String key : keys) {
        Optional<MirrorRecord> mirrorRecord = Optional.ofNullable(records.get(key));
        Optional<Image> image = Optional.ofNullable(images.get(key));
        Optional<ServiceObject> object =
            Optional.ofNullable(actual.get(key))
                .or(() -> mirrorRecord.filter(stored -> !sees(key)).flatMap(Inspector::expected));
        ObjectStep step = ObjectStep.of(mirror, key, image, mirrorRecord, object, mode);
        // What was perhaps created is not forgotten before it can be seen.
        if (step.verdict() != Verdict.FORGET || sees(key)) {
          compared.add(step);
        }
      }
      compared.removeIf(step -> isKept(step, refused));
      compared.removeIf(this::waits);
      compared.forEach(this::object);
      Map<String, ObjectStep> byKey = new HashMap<>();
      compared.forEach(step -> byKey.put(step.key(), step));
      for (ObjectStep step : compared) {
        if (isRemoval(step) || !isInForeign(step, byKey)) {
          add(step);
        } else {
          foreign.add(step.key());
        }
      }
      steps.sort(inOrder());
      Set<ObjectStep> changes = changes();
      List<ObjectStep> removals = steps.stream().filter(step -> !changes.contains(step)).toList();
      return new MirrorInspection(
          mirror, catalog, false, denial, List.copyOf(changes), removals, findings, foreign, left);
    }

    /**
     * Returns what is created or changed, each after the removal of what the mirror excludes, and
     * of what would let it give more.
     */
    private Set<ObjectStep> changes() {
      Map<String, ObjectStep> removals = new LinkedHashMap<>();
      steps.stream()
          .filter(step -> step.verdict() == Verdict.REMOVE)
          .forEach(step -> removals.put(step.key(), step));
      Set<ObjectStep> changes = new LinkedHashSet<>();
      for (ObjectStep step : steps) {
        if (step.verdict() == Verdict.MAKE) {
          step.wanted().flatMap(mirror::excluded).map(removals::get).ifPresent(changes::add);
        }
        if (step.wanted().isPresent()) {
          if (step.verdict().callsService()) {
            removals.values().stream()
                .filter(removal -> isLimitedBy(removal, step))
                .forEach(changes::add);
          }
          changes.add(step);
        }
      }
      return changes;
    }

    private boolean isLimitedBy(ObjectStep removal, ObjectStep step) {
      return mirror.isLimitedBy(mirror.name(), Optional.of(removal.change()), step.change());
    }

    /** Asks the mirror whether a change of an object that exists is never made. */
    private void object(ObjectStep step) {
      if (step.actual().isPresent() && sees(step.key()) && isOfMesh(step.verdict())) {
        mirror
            .objection(step.change())
            .ifPresent(
                objection -> {
                  objections.put(step.key(), objection);
                  step.container().ifPresent(key -> occupied.merge(key, 1L, Long::sum));
                });
      }
    }

    /**
     * In a container that others created, everything is theirs, except what the mesh created there
     * and removes; the finding of the container is enough.
     */
    private static boolean isRemoval(ObjectStep step) {
      return step.wanted().isEmpty() && step.mirrorRecord().isPresent();
    }

    private boolean isInForeign(ObjectStep step, Map<String, ObjectStep> byKey) {
      ObjectStep container = step.container().map(byKey::get).orElse(null);
      return container != null && (isForeign(container) || isInForeign(container, byKey));
    }

    private boolean isForeign(ObjectStep container) {
      return container.wanted().isPresent()
          && (container.verdict() == Verdict.FOREIGN
              || (objections.containsKey(container.key()) && isByOthers(container.verdict())));
    }

    private boolean sees(String key) {
      return denial == null && mirror.sees(key);
    }

    private Map<String, ServiceObject> actual(Set<String> keys) {
      MeshException reason = denial;
      if (reason == null) {
        try {
          Map<String, ServiceObject> objects = mirror.actual(keys);
          findings.addAll(mirror.remarks());
          return afterEarlier(objects);
        } catch (BackendException e) {
          if (!isDenied(e)) {
            throw e;
          }
          reason = e;
          denial = e;
        }
      }
      findings.add(mirrorFindings.unreachable(reason));
      return new HashMap<>();
    }

    /** Returns the objects after the earlier mirrors made their changes. */
    private Map<String, ServiceObject> afterEarlier(Map<String, ServiceObject> objects) {
      Map<String, ServiceObject> after = new HashMap<>(objects);
      for (MirrorInspection inspection : earlier) {
        inspection.changes().stream()
            .filter(step -> step.verdict().callsService())
            .forEach(
                step ->
                    after.putAll(
                        mirror.changedBy(inspection.mirror().name(), step.change(), objects)));
      }
      return after;
    }

    /** Returns what a service should have of which not all can be seen. */
    private static Optional<ServiceObject> expected(MirrorRecord mirrorRecord) {
      return mirrorRecord
          .applied()
          .flatMap(RecordedState::content)
          .map(content -> new ServiceObject(mirrorRecord.container(), content, ""));
    }

    /** Adds the findings of refusals, and returns the keys that do not change. */
    private Set<String> refuse(List<Refusal> refusals) {
      Set<String> keys = new HashSet<>();
      for (Refusal refusal : refusals) {
        keys.add(refusal.key());
        if (refusal.container()) {
          uncertainContainers.add(refusal.key());
        }
        if (!findings.contains(refusal.finding())) {
          findings.add(refusal.finding());
        }
      }
      keys.removeAll(uncertainContainers);
      return keys;
    }

    /** True if a change is left to a run of all mirrors. */
    private boolean waits(ObjectStep step) {
      boolean waits =
          isOfProduct && step.verdict().callsService() && !mirror.isIndependent(step.change());
      if (waits) {
        findings.add(mirrorFindings.waiting(step.key()));
      }
      return waits;
    }

    /** True if an object does not change because what it should be is refused, or not known. */
    private boolean isKept(ObjectStep step, Set<String> refused) {
      return refused.contains(step.key())
          || (isRemoval(step)
              && (isUncertain(step.key())
                  || step.container().filter(this::isUncertain).isPresent()));
    }

    private boolean isUncertain(String key) {
      return uncertainContainers.stream()
          .anyMatch(container -> key.equals(container) || key.startsWith(container + "/"));
    }

    private void add(ObjectStep step) {
      Verdict verdict = step.verdict();
      Finding objection = objections.get(step.key());
      if (objection != null) {
        findings.add(objection);
        left.add(step);
      } else if (verdict == Verdict.REMOVE && occupied.containsKey(step.key())) {
        findings.add(mirrorFindings.occupied(step.key(), occupied.getOrDefault(step.key(), 0L)));
      } else if (verdict == Verdict.CHANGED_BY_OTHERS) {
        findings.add(mirrorFindings.changedByOthers(step));
        left.add(step);
      } else if (verdict == Verdict.FOREIGN) {
        findings.add(mirrorFindings.foreign(step, step.closing(mirror), adoption(step)));
        foreign.add(step.key());
        left.add(step);
      } else if (verdict.isDue()) {
        steps.add(step);
      }
    }

    private Optional<ContentDifference> adoption(ObjectStep step) {
      return step.difference(mirror).filter(each -> mirror.objection(step.change()).isEmpty());
    }

    private static boolean isOfMesh(Verdict verdict) {
      return verdict == Verdict.CHANGE || verdict == Verdict.REMOVE || isByOthers(verdict);
    }

    /** What is created comes first, by stage; what is removed last, in reverse. */
    private static Comparator<ObjectStep> inOrder() {
      return Comparator.comparing((ObjectStep step) -> step.wanted().isEmpty())
          .thenComparing(step -> step.wanted().isPresent() ? step.stage() : -step.stage())
          .thenComparing(ObjectStep::key);
    }
  }
}
