namespace HyperVDash.Cim;

/// <summary>The CIM types; an array is the type with <see cref="CimRow"/> values that are lists.</summary>
public enum CimType
{
    String, Boolean, SInt8, SInt16, SInt32, SInt64, UInt8, UInt16, UInt32, UInt64,
    Real32, Real64, Char16, DateTime, Reference, Instance,
    StringArray, BooleanArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array, SInt32Array, ReferenceArray, InstanceArray,
}
