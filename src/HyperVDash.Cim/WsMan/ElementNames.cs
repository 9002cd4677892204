using System.Xml;

namespace HyperVDash.Cim.WsMan;

/// <summary>The names of elements and attributes that answers of one host have used, each a single string. Counts them, because a table never forgets.</summary>
internal sealed class ElementNames : NameTable
{
    // All that the agent reads of a host is some two thousand.
    private const int Enough = 20_000;

    private int _count;

    /// <summary>More names than a host has: the table is to be let go.</summary>
    public bool IsFull => _count > Enough;

    public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

    public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

    private string Counted(string added)
    {
        _count++;
        return added;
    }
}
