package io.meshwork.spark;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a compiled class declares, and what it refers to, read without loading it. Immutable.
 *
 * @param superTypes the names of its superclass and interfaces, with slashes
 * @param members its fields and methods, as name and descriptor
 * @param types the classes that it refers to, with slashes
 * @param calls the members of other classes that it refers to
 */
record ClassFile(
    List<String> superTypes, Set<String> members, Set<String> types, Set<Member> calls) {
  /**
   * A member of a class.
   *
   * @param owner the class that the compiler found it in
   * @param name name and descriptor
   */
  record Member(String owner, String name) implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      return toString().compareTo(other.toString());
    }
  }

  static ClassFile of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      in.readInt(); // the mark of a class file
      in.readInt(); // its version
      return read(in, ConstantPool.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClassFile read(DataInputStream in, ConstantPool constants) throws IOException {
    in.readUnsignedShort(); // access
    in.readUnsignedShort(); // itself
    List<String> superTypes = new ArrayList<>();
    constants.type(in.readUnsignedShort()).ifPresent(superTypes::add);
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      constants.type(in.readUnsignedShort()).ifPresent(superTypes::add);
    }
    Set<String> members = new HashSet<>();
    addMembers(in, constants, members); // fields
    addMembers(in, constants, members); // methods
    return new ClassFile(superTypes, members, constants.types(), constants.members());
  }

  private static void addMembers(DataInputStream in, ConstantPool constants, Set<String> members)
      throws IOException {
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      in.readUnsignedShort(); // access
      members.add(constants.text(in.readUnsignedShort()) + constants.text(in.readUnsignedShort()));
      for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
        in.readUnsignedShort();
        in.skipNBytes(in.readInt());
      }
    }
  }

  /**
   * The constants of a class: of each index a text, or up to two indexes of other constants.
   *
   * @param tags the kind of each
   */
  private record ConstantPool(int[] tags, String[] texts, int[] first, int[] second) {
    private static final int TEXT = 1;
    private static final int TYPE = 7;
    private static final int NAME = 12;

    static ConstantPool read(DataInputStream in) throws IOException {
      int count = in.readUnsignedShort();
      ConstantPool all =
          new ConstantPool(new int[count], new String[count], new int[count], new int[count]);
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        all.tags[i] = tag;
        switch (tag) {
          case TEXT -> all.texts[i] = in.readUTF();
          case 3, 4 -> in.readInt();
          case 5, 6 -> {
            in.readLong();
            i++; // takes two indexes
          }
          case TYPE, 8, 16, 19, 20 -> all.first[i] = in.readUnsignedShort();
          case 9, 10, 11, NAME, 17, 18 -> {
            all.first[i] = in.readUnsignedShort();
            all.second[i] = in.readUnsignedShort();
          }
          case 15 -> {
            in.readUnsignedByte();
            in.readUnsignedShort();
          }
          default -> throw new IOException("constant " + i + " has the unknown tag " + tag);
        }
      }
      return all;
    }

    String text(int index) {
      return texts[index];
    }

    /** The class at an index; empty for 0, and for an array of numbers. */
    Optional<String> type(int index) {
      String name = index == 0 ? "" : text(first[index]);
      if (name.startsWith("[")) {
        int element = name.indexOf('L');
        name = element < 0 ? "" : name.substring(element + 1, name.length() - 1);
      }
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    Set<String> types() {
      Set<String> types = new TreeSet<>();
      for (int i = 1; i < tags.length; i++) {
        if (tags[i] == TYPE) {
          type(i).ifPresent(types::add);
        }
      }
      return types;
    }

    Set<Member> members() {
      Set<Member> members = new TreeSet<>();
      for (int i = 1; i < tags.length; i++) {
        if (tags[i] >= 9 && tags[i] <= 11 && !text(first[first[i]]).startsWith("[")) {
          int name = second[i];
          members.add(new Member(text(first[first[i]]), text(first[name]) + text(second[name])));
        }
      }
      return members;
    }
  }
}
