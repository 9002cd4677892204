using System.Runtime.InteropServices;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Arrays that stay where they are while the library reads them.</summary>
internal sealed class PinnedBytes(params byte[][] arrays) : IDisposable
{
    private readonly GCHandle[] _pins = [.. arrays.Select(a => GCHandle.Alloc(a, GCHandleType.Pinned))];

    public GssBuffer Buffer(int index) =>
        new() { Length = (nuint)arrays[index].Length, Value = arrays[index].Length == 0 ? IntPtr.Zero : _pins[index].AddrOfPinnedObject() };

    public void Dispose()
    {
        foreach (var pin in _pins)
        {
            pin.Free();
        }
    }
}
