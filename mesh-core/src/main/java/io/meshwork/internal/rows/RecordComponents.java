package io.meshwork.internal.rows;

import io.meshwork.contract.Column;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Inspects the components of a Java record class and accesses them. */
public final class RecordComponents {
  private static final MethodHandles.Lookup RESERVED_PREFIX = MethodHandles.lookup();

  /** Classes of values that never change, besides primitives, enums, and records of them. */
  private static final Set<Class<?>> UNCHANGEABLE =
      Set.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigDecimal.class,
          String.class,
          UUID.class,
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class);

  private RecordComponents() {}

  /**
   * Returns the components in order; fails with {@code READER_INVALID} if the class is not a
   * record.
   */
  public static RecordComponent[] of(Class<?> recordClass) {
    RecordComponent[] components = recordClass.getRecordComponents();
    if (components == null) {
      throw Failure.of(MeshAction.of(Verb.USE, recordClass.getName() + " as the type of rows"))
          .because("it is not a Java record")
          .state("Nothing was read.")
          .fix("Declare a record whose components have the names of the columns.")
          .invalidRequest(ErrorCode.READER_INVALID);
    }
    return components;
  }

  /** Returns the column name of a component. */
  public static String columnOf(RecordComponent component) {
    Column column = component.getAnnotation(Column.class);
    return column == null || column.value().isEmpty() ? component.getName() : column.value();
  }

  /** Returns the type of a component's values, without an enclosing Optional. */
  public static Type valueType(RecordComponent component) {
    return JavaTypes.content(component.getGenericType());
  }

  /**
   * Returns true if the components of a record class, at any depth, have types whose values never
   * change.
   */
  static boolean areUnchangeable(Class<?> recordClass) {
    return areUnchangeable(recordClass, new HashSet<>());
  }

  private static boolean areUnchangeable(Class<?> recordClass, Set<Class<?>> seen) {
    return !seen.add(recordClass)
        || Arrays.stream(of(recordClass))
            .map(component -> JavaTypes.raw(valueType(component)))
            .allMatch(
                type ->
                    type.isPrimitive()
                        || type.isEnum()
                        || UNCHANGEABLE.contains(type)
                        || (type.isRecord() && areUnchangeable(type, seen)));
  }

  /** Returns the accessor, whose only argument is the record. */
  static MethodHandle accessor(Class<?> recordClass, RecordComponent component) {
    try {
      return MethodHandles.privateLookupIn(recordClass, RESERVED_PREFIX)
          .unreflect(component.getAccessor());
    } catch (IllegalAccessException closed) {
      try {
        return MethodHandles.publicLookup().unreflect(component.getAccessor());
      } catch (IllegalAccessException refused) {
        throw unreachable(recordClass);
      }
    }
  }

  /** Returns the canonical constructor. */
  static MethodHandle constructor(Class<?> recordClass) {
    Class<?>[] types =
        Arrays.stream(of(recordClass)).map(RecordComponent::getType).toArray(Class<?>[]::new);
    MethodType type = MethodType.methodType(void.class, types);
    try {
      return MethodHandles.privateLookupIn(recordClass, RESERVED_PREFIX)
          .findConstructor(recordClass, type);
    } catch (IllegalAccessException closed) {
      try {
        return MethodHandles.publicLookup().findConstructor(recordClass, type);
      } catch (IllegalAccessException | NoSuchMethodException refused) {
        throw unreachable(recordClass);
      }
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "the record " + recordClass.getName() + " has no canonical constructor", e);
    }
  }

  private static InvalidRequestException unreachable(Class<?> recordClass) {
    return Failure.of(MeshAction.of(Verb.USE, "the components of record " + recordClass.getName()))
        .because(
            "its module "
                + recordClass.getModule().getName()
                + " does not open package "
                + recordClass.getPackageName())
        .state("No row was converted.")
        .fix(
            "Add 'opens "
                + recordClass.getPackageName()
                + ";' to the module declaration, or make the record public in an exported package.")
        .invalidRequest(ErrorCode.READER_INVALID);
  }
}
