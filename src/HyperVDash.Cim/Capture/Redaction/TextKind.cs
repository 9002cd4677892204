namespace HyperVDash.Cim.Capture.Redaction;

/// <summary>What a text of a capture is, which decides what takes its place. A text that is of several kinds counts as the first of them.</summary>
public enum TextKind
{
    /// <summary>A computer that is read, or one that is named by it.</summary>
    Host,
    Cluster,

    /// <summary>A DNS or NetBIOS domain.</summary>
    Domain,
    VirtualMachine,
    Switch,
    Checkpoint,

    /// <summary>A connection of a host, or an adapter of a VM.</summary>
    Adapter,

    /// <summary>A group or resource of a cluster.</summary>
    Group,

    /// <summary>A network of a cluster, or a team.</summary>
    Network,
    Volume,
    Printer,

    /// <summary>Where a print queue sends to: people call ports as they like, and Windows calls them by their address.</summary>
    Port,
    Share,
    User,

    /// <summary>A serial number, or whatever else tells one piece of hardware from all others.</summary>
    Serial,

    /// <summary>A folder or file.</summary>
    PathPart,

    /// <summary>What people write as they like: a text in which a long number is somebody's too.</summary>
    Note,

    /// <summary>A note, a message, or a text that nobody knows: nothing of it is kept.</summary>
    Text,

    // From here on no names: how a text is built.
    Mac,
    IpAddress,

    /// <summary>Numbers, words of Windows, product and driver names: kept.</summary>
    Kept,

    /// <summary>An id that is built of other texts: those that are known are replaced in it.</summary>
    Built,
    Path,
    DnsName,

    /// <summary><c>DOMAIN\user</c>.</summary>
    Account,

    /// <summary>Part of a device path that may be a serial number.</summary>
    Device,

    /// <summary>Instance of a performance counter that is named after a VM, an adapter or a file.</summary>
    Counter,
}
