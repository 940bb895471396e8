package io.meshwork.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which classes of others mesh-core touches, and which of them it shows to its users. */
class ForeignTypesTest {
  /** The types of others that a public signature may show: users hold them already. */
  private static final Set<String> SHOWN =
      Set.of(
          "org.apache.avro.Schema",
          "org.apache.avro.generic.GenericRecord",
          "org.apache.avro.specific.SpecificRecord",
          "org.apache.iceberg.io.FileIO",
          // Of an optional dependency, which whoever calls this brings.
          "io.micrometer.core.instrument.MeterRegistry");

  /**
   * Public members whose signature shows a type that users cannot use. Members of one name share an
   * entry. An entry that no member needs fails the test.
   */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          // What MeshClient makes its operations from: no user holds a session.
          "io.meshwork.change.AmendContract#of",
          "io.meshwork.change.DefineProduct#of",
          "io.meshwork.change.RegisterDomain#of",
          "io.meshwork.consume.Read#of",
          "io.meshwork.consume.Read#ofQuarantine",
          "io.meshwork.consume.Subscribe#of",
          "io.meshwork.event.Events#of",
          "io.meshwork.governance.Governance#of",
          "io.meshwork.sharing.AccessRequest#own",
          "io.meshwork.sharing.AccessRequest#queue",
          "io.meshwork.sharing.AccessRequest#withdrawing",
          "io.meshwork.sharing.AnswerRequest#of",
          "io.meshwork.sharing.ApproveRequest#of",
          "io.meshwork.sharing.AuthorizationCard#all",
          "io.meshwork.sharing.AuthorizationCard#on",
          "io.meshwork.sharing.Authorize#of",
          "io.meshwork.sharing.DefineTag#all",
          "io.meshwork.sharing.DefineTag#of",
          "io.meshwork.sharing.DecideRequest#askBack",
          "io.meshwork.sharing.DecideRequest#deny",
          "io.meshwork.sharing.ExplainedAccess#of",
          "io.meshwork.sharing.ExplainedAccess#whoCanRead",
          "io.meshwork.sharing.GrantByName#of",
          "io.meshwork.sharing.GrantByTags#of",
          "io.meshwork.sharing.GrantCard#all",
          "io.meshwork.sharing.LinkResource#of",
          "io.meshwork.sharing.ResourceLink#all",
          "io.meshwork.sharing.RequestAccess#of",
          "io.meshwork.sharing.Revoke#of",
          "io.meshwork.sharing.TagResource#of",
          "io.meshwork.sharing.WithdrawAuthorization#of",
          "io.meshwork.sharing.Unlink#of",
          "io.meshwork.sharing.WhatIf#of",
          // For what makes something of a log: users read text that they kept.
          "io.meshwork.event.MeshEvent#of",
          "io.meshwork.maintenance.Doctor#<init>",
          "io.meshwork.maintenance.Maintain#of",
          "io.meshwork.maintenance.Repair#of",
          "io.meshwork.publish.History#of",
          "io.meshwork.publish.Publish#of",
          "io.meshwork.publish.QualityHistory#of",
          "io.meshwork.publish.QualityHistory#ofDomain",
          "io.meshwork.publish.RollBack#of",
          "io.meshwork.publish.Receipts#all",
          "io.meshwork.publish.Receipts#find",
          // For the room of engines, which keeps a receipt with each of their commits, and its
          // score.
          "io.meshwork.publish.QualityHistory#keep",
          "io.meshwork.publish.Receipts#keep",
          // For the rooms that define tables: users write partitions and never check them.
          "io.meshwork.contract.Partition#check");

  /** Classes that Iceberg calls, whose signatures are therefore Iceberg's, each with its reason. */
  private static final Map<String, String> PLUGS =
      Map.of(
          "io.meshwork.engine.MeshCatalog",
          "engines make it by its name, as an Iceberg catalog",
          "io.meshwork.engine.CommitVetoed",
          "Iceberg deletes what it wrote only for exceptions of its own");

  private static final List<String> NEVER_TOUCHED =
      List.of(
          "org.apache.hadoop",
          "org.apache.parquet.hadoop",
          "io.netty",
          "com.google.common",
          "org.apache.iceberg.relocated",
          "org.apache.logging",
          "ch.qos.logback");

  @Test
  void publicSignaturesShowOnlyTypesThatUsersHold() {
    Set<String> faults = new TreeSet<>();
    Set<String> exceptionsUsed = new TreeSet<>();
    for (JavaClass type : Rooms.classes()) {
      if (isVisible(type) && !Rooms.isInternal(type)) {
        type.getSuperclass()
            .ifPresent(
                t -> judge(type, "extends", t.getAllInvolvedRawTypes(), faults, exceptionsUsed));
        for (JavaType t : type.getInterfaces()) {
          judge(type, "implements", t.getAllInvolvedRawTypes(), faults, exceptionsUsed);
        }
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (isVisible(unit.getModifiers())) {
            judge(type, unit.getName(), unit.getAllInvolvedRawTypes(), faults, exceptionsUsed);
            unit.getThrowsClause()
                .getTypes()
                .forEach(t -> judge(type, unit.getName(), Set.of(t), faults, exceptionsUsed));
          }
        }
        for (JavaField field : type.getFields()) {
          if (isVisible(field.getModifiers())) {
            judge(type, field.getName(), field.getAllInvolvedRawTypes(), faults, exceptionsUsed);
          }
        }
      }
    }

    assertThat(faults).as("public members that show a type users cannot use").isEmpty();
    Set<String> exceptions = new TreeSet<>(EXCEPTIONS);
    exceptions.addAll(PLUGS.keySet());
    assertThat(exceptionsUsed).as("exceptions needed").isEqualTo(exceptions);
  }

  @Test
  void noHadoopNettyGuavaOrLoggingBackendIsTouched() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : Rooms.classes()) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(
              dependency ->
                  NEVER_TOUCHED.stream()
                      .anyMatch(name -> Rooms.isIn(dependency.getTargetClass(), name)))
          .forEach(dependency -> faults.add(dependency.getDescription()));
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void onlyOneRoomTouchesMicrometerWhichIsOptional() {
    Set<String> touching = new TreeSet<>();
    for (JavaClass type : Rooms.classes()) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(dependency -> Rooms.isIn(dependency.getTargetClass(), "io.micrometer"))
          .forEach(dependency -> touching.add(type.getPackageName()));
    }

    assertThat(touching).containsExactly("io.meshwork.micrometer");
  }

  @Test
  void onlyTheLocalBackendSpeaksSql() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : Rooms.classes()) {
      if (!Rooms.isIn(type, "io.meshwork.local")) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(
                dependency ->
                    Rooms.isIn(dependency.getTargetClass(), "java.sql")
                        || Rooms.isIn(dependency.getTargetClass(), "javax.sql")
                        || Rooms.isIn(dependency.getTargetClass(), "org.sqlite"))
            .filter(
                dependency -> !dependency.getTargetClass().getName().equals("java.sql.ResultSet"))
            .forEach(dependency -> faults.add(dependency.getDescription()));
      }
    }

    assertThat(faults).isEmpty();
  }

  private static void judge(
      JavaClass owner,
      String member,
      Set<JavaClass> shown,
      Set<String> faults,
      Set<String> exceptionsUsed) {
    String name = owner.getName() + "#" + member;
    for (JavaClass type : shown) {
      JavaClass bare = type.getBaseComponentType();
      boolean fits =
          bare.isPrimitive()
              || bare.getPackageName().startsWith("java.")
              || SHOWN.contains(bare.getName())
              || (Rooms.isOurs(bare) && !Rooms.isInternal(bare));
      if (!fits && EXCEPTIONS.contains(name)) {
        exceptionsUsed.add(name);
      } else if (!fits && isPlug(owner, bare)) {
        exceptionsUsed.add(owner.getName());
      } else if (!fits) {
        faults.add(name + " shows " + bare.getName());
      }
    }
  }

  private static boolean isPlug(JavaClass owner, JavaClass shown) {
    return PLUGS.containsKey(owner.getName()) && Rooms.isIn(shown, "org.apache.iceberg");
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    boolean written = !modifiers.contains(JavaModifier.SYNTHETIC);
    return written
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  /** True if users can reach the class: it is public, and so is each class around it. */
  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ForeignTypesTest::isVisible).orElse(true);
  }
}
