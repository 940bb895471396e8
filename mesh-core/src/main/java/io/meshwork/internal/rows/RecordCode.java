package io.meshwork.internal.rows;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.SoftReference;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The code generated for a class of Java records: shared by all publishes and reads, so that it is
 * compiled once. The class holds it, softly: the class loaders of the caller and of this library
 * can still be unloaded.
 */
public final class RecordCode {
  private static final ClassValue<SoftReference<RecordCode>> ALL =
      new ClassValue<>() {
        @Override
        protected SoftReference<RecordCode> computeValue(Class<?> recordClass) {
          return new SoftReference<>(new RecordCode(recordClass));
        }
      };

  private final Class<?> recordClass;
  private final Map<FieldKey, RecordField> fields = new ConcurrentHashMap<>();

  private volatile @Nullable RecordCreator creator;

  private record FieldKey(String component, RecordField.Template template) {}

  private RecordCode(Class<?> recordClass) {
    this.recordClass = recordClass;
  }

  public static RecordCode of(Class<?> recordClass) {
    RecordCode code = ALL.get(recordClass).get();
    while (code == null) {
      ALL.remove(recordClass);
      code = ALL.get(recordClass).get();
    }
    return code;
  }

  /**
   * Returns what copies a component.
   *
   * @throws io.meshwork.error.InvalidRequestException if the accessor is not accessible
   */
  RecordField field(RecordComponent component, RecordField.Template template) {
    return fields.computeIfAbsent(
        new FieldKey(component.getName(), template),
        key -> {
          MethodHandle accessor =
              RecordComponents.accessor(recordClass, component)
                  .asType(MethodType.methodType(template.result(), Object.class));
          return HiddenClassCopy.of(RecordField.class, template.code(), accessor);
        });
  }

  /**
   * Returns what creates records.
   *
   * @throws io.meshwork.error.InvalidRequestException if the constructor is not accessible
   * @throws IllegalArgumentException if it has too many parameters for method handles
   */
  public RecordCreator creator() {
    RecordCreator known = creator;
    if (known == null) {
      known = RecordCreator.of(RecordComponents.constructor(recordClass));
      creator = known;
    }
    return known;
  }
}
