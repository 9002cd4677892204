namespace HyperVDash.Cim.Mmi;

/// <summary>How Windows reaches another computer's CIM classes.</summary>
public enum MmiWire
{
    /// <summary>WinRM: one port, 5985 or 5986.</summary>
    WsMan,

    /// <summary>RPC: port 135 and dynamic ones; for hosts without WinRM.</summary>
    Dcom,
}
