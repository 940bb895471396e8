package io.meshwork.internal.rows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Defines copies of classes of this package, each with a method handle in a static final field.
 *
 * <p>Such a handle is a constant for the compiler, which inlines what it calls, and each copy has
 * its own profile. Copies are unloaded with their instances. They have the rights of this package
 * only: access to a caller's class is in the handle.
 */
final class HiddenClassCopy {
  private static final MethodHandles.Lookup OWN = MethodHandles.lookup();

  private HiddenClassCopy() {}

  /**
   * Returns an instance of a new copy.
   *
   * @param superclass of the template and of the copy
   * @param template has a constructor without arguments
   * @param constant the result of {@link #constant} for the copy
   */
  static <T> T of(Class<T> superclass, Class<? extends T> template, MethodHandle constant) {
    try {
      MethodHandles.Lookup copy =
          OWN.defineHiddenClassWithClassData(classFile(template), constant, true);
      MethodType none = MethodType.methodType(void.class);
      return superclass.cast(copy.findConstructor(copy.lookupClass(), none).invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define a copy of " + template.getName(), e);
    }
  }

  /** Returns the method handle of a copy, for its own lookup. */
  static MethodHandle constant(MethodHandles.Lookup copy) {
    try {
      return MethodHandles.classData(copy, ConstantDescs.DEFAULT_NAME, MethodHandle.class);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a lookup must have access to its own class", e);
    }
  }

  private static byte[] classFile(Class<?> template) throws IOException {
    String name = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream file = template.getResourceAsStream(name)) {
      if (file == null) {
        throw new IOException("the class loader does not return " + name);
      }
      return file.readAllBytes();
    }
  }
}
