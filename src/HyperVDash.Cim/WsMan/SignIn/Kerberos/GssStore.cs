using System.Runtime.InteropServices;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Where credentials come from and go to, as the library wants it: pairs of a word and a place.</summary>
internal sealed class GssStore : IDisposable
{
    private readonly List<IntPtr> _memory = [];

    public GssStore(params ReadOnlySpan<(string Word, string Place)> pairs)
    {
        IntPtr elements = Keep(Marshal.AllocHGlobal(2 * IntPtr.Size * pairs.Length));
        for (int i = 0; i < pairs.Length; i++)
        {
            Marshal.WriteIntPtr(elements, 2 * i * IntPtr.Size, Keep(Marshal.StringToCoTaskMemUTF8(pairs[i].Word)));
            Marshal.WriteIntPtr(elements, ((2 * i) + 1) * IntPtr.Size, Keep(Marshal.StringToCoTaskMemUTF8(pairs[i].Place)));
        }

        Pointer = Keep(Marshal.AllocHGlobal(2 * IntPtr.Size));
        Marshal.WriteIntPtr(Pointer, pairs.Length);
        Marshal.WriteIntPtr(Pointer, IntPtr.Size, elements);
    }

    public IntPtr Pointer { get; }

    // Both allocators are malloc outside Windows, where alone this library exists.
    public void Dispose() => _memory.ForEach(Marshal.FreeHGlobal);

    private IntPtr Keep(IntPtr memory)
    {
        _memory.Add(memory);
        return memory;
    }
}
